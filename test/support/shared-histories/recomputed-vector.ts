/** Computes the vector of an attempt again from whole logs, up to the positions that were recorded with it. */
import type { EntityPosition } from '#src/domain/events.ts';
import { FEATURE_COUNT, FEATURES } from '#src/features/feature-catalogue.ts';
import { KeyReader, SLOT_COUNT, SLOTS } from '#src/features/key-layout.ts';
import { FoldedEntities, nameOf } from '#src/features/shared/folded-entities.ts';
import { SharedVectors } from '#src/features/shared/shared-vectors.ts';
import { ENTITY_KINDS } from '#src/domain/entity.ts';
import { RECORD_BYTES } from '#src/ports/entity-log-store.ts';
import { NO_LEDGER_FACTS } from '#src/ports/feature-stage.ts';
import { rated } from '#test/support/oracle/feature-oracle.ts';
import type { Observed } from './telling-shard.ts';

export type Logs = ReadonlyMap<string, Uint8Array>;

/** The features that differ, in words. */
export function recomputedVectorDifferences(
  logs: Logs,
  { attempt, vector, positions }: Observed,
): readonly string[] {
  const folded = new FoldedEntities();
  const vectors = new SharedVectors(folded);
  const words = new KeyReader().read(attempt.entityKeys);
  for (const [slot, sequence] of bySlot(positions)) {
    const name = nameOf(words[2 * slot] ?? 0, words[2 * slot + 1] ?? 0);
    const isOwn = slot < ENTITY_KINDS.length;
    const end = (sequence + (isOwn ? 1 : 0)) * RECORD_BYTES;
    const log = logs.get(name) ?? new Uint8Array();
    if (log.length < end) return [`${attempt.request.facts.id}: the log of ${name} is too short`];
    vectors.feedOf(attempt.entityKeys, slot)?.offer(log.subarray(0, end));
  }
  const values = new Float32Array(FEATURE_COUNT);
  const { amount, asset } = attempt.request.facts;
  const row = { values, offset: 0 };
  const rounded = Math.min(Math.round(rated(amount, asset) ?? -1), 2 ** 33 - 1);
  const again = vectors.write(
    attempt,
    { facts: NO_LEDGER_FACTS, row, amount: rounded, isAhead: () => false },
    1,
  );
  if (again.length !== positions.length) return [`${attempt.request.facts.id}: other positions`];
  return FEATURES.flatMap(({ name }, index) =>
    values[index] === vector[index]
      ? []
      : [`${attempt.request.facts.id} ${name}: ${vector[index]}, not ${values[index]}`],
  );
}

/** What was read of the debtor as a creditor and of the creditor as an account stands last. */
function bySlot(positions: readonly EntityPosition[]): ReadonlyMap<number, number> {
  const slots = new Map<number, number>();
  for (const { kind, sequence } of positions) {
    const slot = SLOTS[kind];
    if (!slots.has(slot)) slots.set(slot, sequence);
    else slots.set(kind === 'creditor' ? SLOTS.debtorAsCreditor : SLOTS.creditorAsAccount, sequence);
  }
  return new Map([...slots].filter(([slot]) => slot < SLOT_COUNT));
}
