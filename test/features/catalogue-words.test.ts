import { describe, expect, test } from 'vitest';
import type { FeatureWords } from '#src/decision/feature-words.ts';
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import { catalogueWords } from '#src/features/catalogue-words.ts';
import { FEATURES, featureIndex } from '#src/features/feature-catalogue.ts';

const words: FeatureWords = catalogueWords;

describe('a feature in words', () => {
  test.each([
    ['device_distinct_cards_1h', 7, '7', 'different cards of this device in an hour: 7'],
    ['amount', 12_950, '12950 minor units', 'the amount in the reference currency: 12950 minor units'],
    ['account_amount_to_median', 3.14159, '3.14', undefined],
    ['debtor_share_drained', 0.85, '85 %', undefined],
    ['device_distinct_cards_1h', NO_HISTORY, 'no history', undefined],
    ['device_distinct_cards_1h', NOT_SENT, 'not sent', undefined],
    ['device_distinct_cards_1h', UNREADABLE, 'unreadable', undefined],
  ] as const)('%s of %d is "%s"', (...[name, value, expected, sentence]) => {
    const index = featureIndex(name);
    expect(words.name(index)).toBe(name);
    expect(words.value(index, value)).toBe(expected);
    expect(words.sentence(index, value)).toContain(expected);
    if (sentence !== undefined) expect(words.sentence(index, value)).toBe(sentence);
  });

  test.each([
    [0.5, 'less than a minute'],
    [1.5, 'one minute'],
    [119, '119 minutes'],
    [121, '2 hours'],
    [3 * 1_440, '3 days'],
  ])('%d minutes are "%s"', (minutes, expected) => {
    const index = FEATURES.findIndex(({ unit }) => unit === 'minutes');
    expect(words.value(index, minutes)).toBe(expected);
  });

  test('is a sentence without gaps for every feature and every kind of value', () => {
    for (const index of FEATURES.keys()) {
      for (const value of [0, 1, 2.5, 12_345, NOT_SENT, NO_HISTORY, UNREADABLE]) {
        expect(words.sentence(index, value)).not.toMatch(/\{value\}|undefined|NaN/);
        expect(words.sentence(index, value)).toContain(words.value(index, value));
      }
    }
  });
});
