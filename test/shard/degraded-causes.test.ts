import { describe, expect, test } from 'vitest';
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import { FEATURE_COUNT, FEATURES, featureIndex, HISTORY_FEATURES } from '#src/features/feature-catalogue.ts';
import { degradedCauses } from '#src/shard/degraded-causes.ts';

function vectorWith(name: string, value: number): Float32Array {
  const vector = new Float32Array(FEATURE_COUNT);
  vector[featureIndex(name)] = value;
  return vector;
}

describe('a payment', () => {
  test('whose card history could not be read is degraded', () => {
    expect(degradedCauses(vectorWith('card_attempts_1h', UNREADABLE), false)).toEqual(['features']);
    expect(degradedCauses(vectorWith('card_attempts_1h', UNREADABLE), true)).toEqual(['model', 'features']);
  });

  test('of somebody unknown, or without a card, is not', () => {
    expect(degradedCauses(vectorWith('card_attempts_1h', NO_HISTORY), false)).toEqual([]);
    expect(degradedCauses(vectorWith('card_attempts_1h', NOT_SENT), false)).toEqual([]);
  });

  test('in an asset without a rate, or from an account that opens with it, is not', () => {
    for (const name of ['amount', 'account_amount_sum_1h', 'debtor_available']) {
      expect(degradedCauses(vectorWith(name, UNREADABLE), false)).toEqual([]);
    }
  });

  test('is told degraded by every entity that has a history', () => {
    const kinds = new Set(HISTORY_FEATURES.map((index) => FEATURES[index]?.entity));
    expect(kinds).toEqual(new Set(FEATURES.flatMap(({ entity }) => entity ?? [])));
  });
});
