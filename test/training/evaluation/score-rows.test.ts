import { describe, expect, test } from 'vitest';
import { NOT_SENT } from '#src/domain/feature-value.ts';
import { FEATURE_COUNT, featureIndex } from '#src/features/feature-catalogue.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { optionalGroups } from '#training/evaluation/optional-groups.ts';
import { isSent, scoreRows } from '#training/evaluation/score-rows.ts';

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

function vectorsOf(cards: readonly number[]): Float32Array {
  const values = new Float32Array(cards.length * FEATURE_COUNT);
  cards.forEach((count, row) => (values[row * FEATURE_COUNT + CARDS] = count));
  return values;
}

describe('scoring rows', () => {
  const cards = Array.from({ length: 2500 }, (_, row) => row % 90);
  const vectors = vectorsOf(cards);

  test('each row gets its own score, across calls', () => {
    expect([...scoreRows(scorer, vectors)]).toEqual(cards.map((count) => Math.fround(count / 100)));
  });

  test('a hidden group shows in the scores of that group alone, and leaves the rows as they were', () => {
    const before = vectors.slice();
    for (const { name, features } of optionalGroups()) {
      const scores = scoreRows(scorer, vectors, features);
      expect(scores[7], name).toBe(name === 'device' ? 0.5 : Math.fround(0.07));
    }
    expect(vectors).toEqual(before);
  });
});

describe('optional groups', () => {
  test('have features of their own, none of them twice', () => {
    const places = optionalGroups().flatMap(({ features }) => [...features]);
    expect(optionalGroups().every(({ features }) => features.size > 0)).toBe(true);
    expect(new Set(places).size).toBe(places.length);
  });

  test('a group that no payment carries is known as such', () => {
    const columns = new Set([CARDS]);
    expect(isSent(vectorsOf([NOT_SENT, NOT_SENT]), columns)).toBe(false);
    expect(isSent(vectorsOf([NOT_SENT, 3]), columns)).toBe(true);
  });
});
