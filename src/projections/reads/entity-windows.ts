/**
 * What an entity was named in lately, counted in the windows that the features have: attempts of every
 * outcome with a feature time in `(t - W, t]`, where `t` is the newest time that the log has.
 */
import type { EntityName } from '#src/ports/ledger-queries.ts';
import type { EntityWindows, WindowCounts } from '#src/ports/ledger-views.ts';
import type { TermKind } from '#src/projections/term-hasher.ts';
import { entitiesOf } from './payment-entities.ts';
import type { FoundPayment } from './payment-view.ts';
import { findPayment } from './payment-view.ts';
import type { Reading } from './reading.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** As the catalogue of features has them; a test holds the two together. */
export const ENTITY_WINDOWS: readonly (readonly [name: string, milliseconds: number])[] = [
  ['1m', MINUTE_MS],
  ['10m', 10 * MINUTE_MS],
  ['1h', 60 * MINUTE_MS],
  ['24h', DAY_MS],
  ['7d', 7 * DAY_MS],
  ['30d', 30 * DAY_MS],
];
const LONGEST_MS = 30 * DAY_MS;
/** Each is read in the log, some twenty microseconds. A window that holds more says that it is not complete. */
const PAYMENTS_MAX = 1_000;

class WindowTally {
  attempts = 0;
  readonly #amounts = new Map<string, bigint>();
  readonly #others = new Map<string, Set<string>>();

  add(payment: FoundPayment, entity: EntityName): void {
    const { amount, asset } = payment.received.facts;
    this.attempts++;
    this.#amounts.set(asset, (this.#amounts.get(asset) ?? 0n) + BigInt(amount));
    for (const { kind, id } of entitiesOf(payment)) {
      if (kind === entity.kind) continue;
      const seen = this.#others.get(kind) ?? new Set();
      this.#others.set(kind, seen.add(id));
    }
  }

  counts(complete: boolean): WindowCounts {
    const distinct = [...this.#others].map(([kind, ids]) => [kind, ids.size] as const);
    return {
      complete,
      attempts: this.attempts,
      amounts: Object.fromEntries(this.#amounts),
      distinct: Object.fromEntries(distinct),
    };
  }
}

export async function entityWindows(
  reading: Reading,
  entity: EntityName & { readonly kind: TermKind },
): Promise<EntityWindows> {
  const { index } = reading.projection;
  const asOf = index.placeOf(index.inputs).at;
  const tallies = ENTITY_WINDOWS.map(([name, length]) => ({
    name,
    from: asOf - length,
    tally: new WindowTally(),
  }));
  let read = 0;
  /** Everything that was received later than this has been read. */
  let completeFrom = asOf - LONGEST_MS;
  for (const input of index.newestWith(entity.kind, entity.id)) {
    const receivedAt = index.placeOf(input).at;
    if (receivedAt <= asOf - LONGEST_MS) break;
    if (read++ === PAYMENTS_MAX) {
      completeFrom = receivedAt;
      break;
    }
    const payment = await findPayment(reading, input);
    if (!payment) continue;
    for (const { from, tally } of tallies)
      if (payment.received.featureTime > from) tally.add(payment, entity);
  }
  const counts = tallies.map(({ name, from, tally }) => [name, tally.counts(from >= completeFrom)] as const);
  return { asOf, counts: Object.fromEntries(counts) };
}
