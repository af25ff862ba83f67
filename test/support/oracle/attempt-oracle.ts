/**
 * Velocity features by brute force: all earlier attempts of an entity in one list, sums in BigInt, different values
 * in Sets. Written from the definitions, apart from the code under test, which it shares only the
 * last step from exact sums to a standard deviation with.
 */
import type { EntityKind } from '#src/domain/entity.ts';
import { NO_HISTORY, UNREADABLE } from '#src/domain/feature-value.ts';
import { sampleDeviation, TALLY, TALLY_DOUBLES } from '#src/features/history/tally.ts';
import type { Attempt } from '#src/ports/feature-stage.ts';
import { entityNames } from '#test/support/oracle/entity-names.ts';
import type { EntityNames } from '#test/support/oracle/entity-names.ts';

export interface KnownAttempt {
  readonly time: number;
  readonly names: EntityNames;
  /** Undefined: no rate. */
  readonly amount: bigint | undefined;
  readonly hasFirstSeenCard: boolean;
  readonly country: string;
}

export const WINDOW_MS: Readonly<Record<string, number>> = {
  '1m': 60_000,
  '10m': 600_000,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
};
const SATURATION = 1024;
const RETENTION_MS = 31 * 86_400_000;
const TILES_KEPT = 96;

const COUNTED: Readonly<Record<string, keyof EntityNames>> = {
  distinct_accounts: 'account',
  distinct_cards: 'card',
  distinct_devices: 'device',
  distinct_payees: 'payee',
};

export class AttemptOracle {
  readonly #known = new Map<string, KnownAttempt[]>();
  readonly #cards = new Set<string>();
  /** Entities that have been saturated; the definition changes for good. */
  readonly #saturated = new Set<string>();

  known(kind: EntityKind, name: string): readonly KnownAttempt[] {
    return this.#known.get(`${kind} ${name}`) ?? [];
  }

  isSaturated(kind: EntityKind, name: string): boolean {
    return this.#saturated.has(`${kind} ${name}`);
  }

  add(attempt: Attempt, amount: number | undefined, country: string): void {
    const names = entityNames(attempt.request);
    for (const [kind, name] of Object.entries(names))
      this.#saturate(kind as EntityKind, name, attempt.featureTime);
    const hasFirstSeenCard = names.card !== undefined && !this.#cards.has(names.card);
    if (names.card !== undefined) this.#cards.add(names.card);
    const whole = amount === undefined ? undefined : BigInt(amount);
    const known = { time: attempt.featureTime, names, amount: whole, hasFirstSeenCard, country };
    for (const [kind, name] of Object.entries(names)) {
      const earlier = this.#known.get(`${kind} ${name}`);
      if (earlier) earlier.push(known);
      else this.#known.set(`${kind} ${name}`, [known]);
    }
  }

  /** Any feature of `attempts` with a window, and the two that look at first and last. */
  value(
    kind: EntityKind,
    name: string,
    { metric, window, now }: { metric: string; window: string | undefined; now: number },
  ): number {
    const known = this.known(kind, name);
    if (known.length === 0) return NO_HISTORY;
    const seen = known.filter(({ time }) => time <= now);
    if (metric === 'minutes_since_attempt') {
      return seen.length === 0 ? NO_HISTORY : (now - Math.max(...seen.map(({ time }) => time))) / 60_000;
    }
    if (metric === 'days_since_first_attempt') {
      const first = known.reduce((least, { time }) => Math.min(least, time), Infinity);
      return first > now ? NO_HISTORY : (now - first) / 86_400_000;
    }
    if (metric === 'first_seen_card_share_to_week') {
      return (
        this.#firstSeenShare(kind, name, { window: '10m', now }) /
        this.#firstSeenShare(kind, name, { window: '7d', now })
      );
    }
    return this.#windowed(kind, name, { metric, window: window ?? '', now });
  }

  /** The attempts that a window counts. */
  inWindow(
    kind: EntityKind,
    name: string,
    { window, now }: { window: string; now: number },
  ): readonly KnownAttempt[] {
    const known = this.known(kind, name);
    const length = WINDOW_MS[window] ?? 0;
    const exact = known.filter(({ time }) => time <= now && time > now - length);
    if (!this.isSaturated(kind, name) || oldestOf(newestOf(known)) <= now - length) return exact;
    const tile = length / 60;
    const newestTile = Math.floor(Math.max(...known.map(({ time }) => time)) / tile);
    return known.filter(({ time }) => {
      const number = Math.floor(time / tile);
      const isInWindow = number >= Math.floor((now - length) / tile) && number <= Math.floor(now / tile);
      return isInWindow && number > newestTile - TILES_KEPT;
    });
  }

  #windowed(
    kind: EntityKind,
    name: string,
    { metric, window, now }: { metric: string; window: string; now: number },
  ): number {
    const counted = COUNTED[metric];
    if (counted !== undefined) return this.#distinct(kind, name, { counted, window, now });
    const inside = this.inWindow(kind, name, { window, now });
    if (metric === 'attempts') return inside.length;
    if (metric === 'first_seen_cards')
      return inside.filter(({ hasFirstSeenCard }) => hasFirstSeenCard).length;
    const amounts = inside.flatMap(({ amount }) => (amount === undefined ? [] : [amount]));
    if (amounts.length === 0) {
      if (inside.length > 0) return UNREADABLE;
      return metric === 'amount_sum' ? 0 : NO_HISTORY;
    }
    const sum = amounts.reduce((total, amount) => total + amount, 0n);
    if (metric === 'amount_sum') return Number(sum);
    if (metric === 'amount_mean') return Number(sum) / amounts.length;
    if (metric === 'amount_max')
      return Number(amounts.reduce((most, amount) => (amount > most ? amount : most), 0n));
    return amounts.length === 1 ? NO_HISTORY : deviationOf(amounts);
  }

  #distinct(
    kind: EntityKind,
    name: string,
    { counted, window, now }: { counted: keyof EntityNames; window: string; now: number },
  ): number {
    const all = this.known(kind, name);
    const kept = this.isSaturated(kind, name) ? newestOf(all) : all;
    const inside = kept.filter(({ time }) => time <= now && time > now - (WINDOW_MS[window] ?? 0));
    return new Set(inside.map(({ names }) => names[counted]).filter((other) => other !== undefined)).size;
  }

  #firstSeenShare(kind: EntityKind, name: string, { window, now }: { window: string; now: number }): number {
    const inside = this.inWindow(kind, name, { window, now });
    return (inside.filter(({ hasFirstSeenCard }) => hasFirstSeenCard).length + 1) / (inside.length + 1);
  }

  #saturate(kind: EntityKind, name: string | undefined, time: number): void {
    const known = this.known(kind, name ?? '');
    if (name === undefined || known.length < SATURATION || this.isSaturated(kind, name)) return;
    const newest = Math.max(time, ...known.map((one) => one.time));
    if (known.filter((one) => one.time > newest - RETENTION_MS).length >= SATURATION)
      this.#saturated.add(`${kind} ${name}`);
  }
}

/** The newest 1,024 by time, equal times by arrival; sorted once while nothing is added. */
function newestOf(known: readonly KnownAttempt[]): readonly KnownAttempt[] {
  const sorted = SORTED.get(known);
  if (sorted?.of === known.length) return sorted.newest;
  const newest = known.toSorted((left, right) => left.time - right.time).slice(-SATURATION);
  SORTED.set(known, { of: known.length, newest });
  return newest;
}

const SORTED = new WeakMap<
  readonly KnownAttempt[],
  { readonly of: number; readonly newest: readonly KnownAttempt[] }
>();

function oldestOf(known: readonly KnownAttempt[]): number {
  return known[0]?.time ?? Infinity;
}

export function deviationOf(amounts: readonly bigint[]): number {
  const tally = new Float64Array(TALLY_DOUBLES);
  const squares = amounts.reduce((total, amount) => total + amount * amount, 0n);
  tally[TALLY.rated] = amounts.length;
  tally[TALLY.sum] = Number(amounts.reduce((total, amount) => total + amount, 0n));
  tally[TALLY.squaresHigh] = Number(squares >> 24n);
  tally[TALLY.squaresLow] = Number(squares & 0xffffffn);
  return sampleDeviation(tally, 0);
}
