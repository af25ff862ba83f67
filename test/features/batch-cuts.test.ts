import { expect, test } from 'vitest';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { tellRow } from '#test/support/tell-item.ts';
import { featureStream } from '#test/support/feature-stream.ts';
import type { FeatureItem } from '#test/support/feature-stream.ts';
import { rated } from '#test/support/oracle/feature-oracle.ts';

/** A batch spans less. */
const SPAN_MS = 60_000;

function shardTimeOf(item: FeatureItem): number {
  if (item.type === 'attempt') return item.attempt.shardTime;
  if (item.type === 'outcome') return item.outcome.shardTime;
  return item.type === 'signal' ? item.signal.shardTime : item.label.shardTime;
}

/** Batches as large as they may be. */
function batchesOf(items: Iterable<FeatureItem>): readonly (readonly FeatureItem[])[] {
  const batches: FeatureItem[][] = [];
  let begunAt = -Infinity;
  for (const item of items) {
    if (shardTimeOf(item) - begunAt >= SPAN_MS) {
      batches.push([]);
      begunAt = shardTimeOf(item);
    }
    batches.at(-1)?.push(item);
  }
  return batches;
}

/** What a batch learns of itself is told only when all of its vectors are made. */
function outcomesLast(batch: readonly FeatureItem[]): readonly FeatureItem[] {
  const isInput = ({ type }: FeatureItem): boolean => type === 'attempt' || type === 'signal';
  return [...batch.filter((item) => isInput(item)), ...batch.filter((item) => !isInput(item))];
}

test('outcomes told one by one or at the end of the largest batch give the same vectors', async () => {
  const stream = { seed: 4, payments: 1500, days: 1, accounts: 12, merchants: 3 };
  const batches = batchesOf(featureStream(stream));
  const one = new HistoryFeatureStage({ toReference: rated });
  const other = new HistoryFeatureStage({ toReference: rated });
  await Promise.all([one.load([]), other.load([])]);
  const different = batches.flatMap((batch) => {
    const expected = tellRow(one, batch);
    return tellRow(other, outcomesLast(batch)).flatMap((vector, attempt) =>
      FEATURES.flatMap(({ name }, index) => (vector[index] === expected[attempt]?.[index] ? [] : [name])),
    );
  });
  expect([...new Set(different)]).toEqual([]);
  expect(batches.some((batch) => outcomesLast(batch).some((item, index) => item !== batch[index]))).toBe(
    true,
  );
});
