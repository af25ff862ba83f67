import { expect, test } from 'vitest';
import { NOT_SENT } from '#src/domain/feature-value.ts';
import { FEATURE_COUNT, featureIndex } from '#src/features/feature-catalogue.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import type { Dataset } from '#training/dataset.ts';
import { measureRows } from '#training/train/measure-rows.ts';

const CARDS = featureIndex('device_distinct_cards_1h');

/** Scores by the cards of the device alone. */
const scorer: Scorer = {
  model: 'cards@1',
  featureCount: FEATURE_COUNT,
  score: (vectors, rows) => ({
    probabilities: Float32Array.from({ length: rows }, (_, row) => {
      const cards = vectors[row * FEATURE_COUNT + CARDS] ?? 0;
      return cards === NOT_SENT ? 0.5 : cards / 100;
    }),
    degraded: false,
  }),
  explain: () => [],
};

function rowsOf(cards: readonly number[], labels: readonly number[]): Dataset {
  const values = new Float32Array(cards.length * FEATURE_COUNT);
  cards.forEach((count, row) => (values[row * FEATURE_COUNT + CARDS] = count));
  const weights = new Float32Array(cards.length).fill(1);
  return { columns: FEATURE_COUNT, rows: cards.length, values, labels: Float32Array.from(labels), weights };
}

test('what a scorer loses without a field shows for that field alone', () => {
  const { averagePrecision, without } = measureRows(scorer, rowsOf([9, 1, 8, 2], [1, 0, 1, 0]));
  expect(averagePrecision).toBe(1);
  expect(without['device']).toBe(0.5);
  expect(without['card']).toBe(1);
  expect(Object.keys(without)).toEqual(['card', 'device', 'ip', 'merchant', 'email']);
});
