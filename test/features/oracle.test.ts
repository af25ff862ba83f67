import { expect, test } from 'vitest';
import { FEATURE_COUNT, FEATURES } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { tellItem } from '#test/support/tell-item.ts';
import { featureStream } from '#test/support/feature-stream.ts';
import type { FeatureStreamSettings } from '#test/support/feature-stream.ts';
import { FeatureOracle, rated } from '#test/support/oracle/feature-oracle.ts';

interface Comparison {
  readonly stream: FeatureStreamSettings;
  /** Attempts before it are only learned. */
  readonly from: number;
}

/** Values that differ from the oracle's, in words, and how many were compared. */
async function compare({
  stream,
  from,
}: Comparison): Promise<{ differences: readonly string[]; compared: number }> {
  const stage = new HistoryFeatureStage({ toReference: rated });
  const oracle = new FeatureOracle();
  const values = new Float32Array(FEATURE_COUNT);
  const differences: string[] = [];
  let compared = 0;
  let attempts = 0;
  await stage.load([]);
  for (const item of featureStream(stream)) {
    values.fill(Number.NaN);
    tellItem(stage, item, values);
    if (item.type === 'attempt' && attempts++ >= from) {
      const expected = oracle.expect(item.attempt);
      compared += expected.size;
      differences.push(...differencesOf(item.attempt.request.facts.id, values, expected));
    }
    oracle.learn(item);
  }
  return { differences, compared };
}

function differencesOf(
  id: string,
  values: Float32Array,
  expected: ReadonlyMap<string, number>,
): readonly string[] {
  return FEATURES.flatMap(({ name }, index) => {
    const right = expected.get(name);
    if (right === undefined || values[index] === Math.fround(right)) return [];
    return [`${id} ${name}: ${values[index]}, not ${Math.fround(right)}`];
  });
}

test('every feature from histories equals brute force, with late, equal, bursty attempts and their outcomes', async () => {
  const stream = { seed: 1, payments: 700, days: 100, accounts: 10, merchants: 4 };
  const { differences, compared } = await compare({ stream, from: 100 });
  expect(differences.slice(0, 20)).toEqual([]);
  expect(compared).toBeGreaterThan(120_000);
});

test('a saturated history counts by its tiles and its newest rows, as defined', async () => {
  const stream = { seed: 2, payments: 1200, days: 12, accounts: 100, merchants: 1 };
  const { differences, compared } = await compare({ stream, from: 1150 });
  expect(differences.slice(0, 20)).toEqual([]);
  expect(compared).toBeGreaterThan(7_000);
});

test('every place of the vector is written, with a number', async () => {
  const stage = new HistoryFeatureStage({ toReference: rated });
  const values = new Float32Array(FEATURE_COUNT);
  await stage.load([]);
  for (const item of featureStream({ seed: 3, payments: 300, days: 60, accounts: 6, merchants: 3 })) {
    if (item.type === 'attempt') values.fill(Number.NaN);
    tellItem(stage, item, values);
    expect(FEATURES.filter((_, index) => Number.isNaN(values[index])).map(({ name }) => name)).toEqual([]);
  }
});
