import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cardPrecision } from '#training/metrics/card-precision.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { rocAuc } from '#training/metrics/roc-auc.ts';
import { handbookFolder, numberColumns } from '#test/support/handbook-data.ts';

describe('ranking measures', () => {
  test('perfect, reversed and constant scores give the known values', () => {
    const labels = [1, 1, 0, 0];
    expect(rocAuc([4, 3, 2, 1], labels)).toBe(1);
    expect(rocAuc([1, 2, 3, 4], labels)).toBe(0);
    expect(rocAuc([1, 1, 1, 1], labels)).toBe(0.5);
    expect(averagePrecision([4, 3, 2, 1], labels)).toBe(1);
    expect(averagePrecision([1, 1, 1, 1], labels)).toBe(0.5);
    expect(averagePrecision([4, 1, 3, 2], labels)).toBe(0.75);
  });

  test('the area equals the share of pairs in the right order, ties counting half', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0, 1));
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), (rows) => {
        const frauds = rows.filter(([, label]) => label === 1);
        const others = rows.filter(([, label]) => label === 0);
        fc.pre(frauds.length > 0 && others.length > 0);
        const wins = frauds.flatMap(([fraud]) =>
          others.map(([other]): number => (fraud > other ? 1 : fraud === other ? 0.5 : 0)),
        );
        const expected = wins.reduce((sum, win) => sum + win, 0) / wins.length;
        expect(
          rocAuc(
            rows.map(([score]) => score),
            rows.map(([, label]) => label),
          ),
        ).toBeCloseTo(expected, 12);
      }),
    );
  });
});

describe('card precision', () => {
  test('a card that was found is not looked at again', () => {
    const transactions = {
      days: [0, 0, 1, 1],
      cards: [7, 8, 7, 9],
      labels: [1, 0, 1, 1],
      scores: [0.9, 0.1, 0.9, 0.2],
    };
    expect(cardPrecision(transactions, 1)).toBe(1);
  });
});

const folder = handbookFolder();

describe.skipIf(folder === undefined)(
  'measures against the published golden files (needs handbook-data)',
  () => {
    test('scores of the published logistic regression give the published figures', () => {
      const scored = numberColumns(path.join(folder ?? '', 'golden_lr_scores_test_2018-08-08_14.csv.gz'));
      const golden = JSON.parse(
        readFileSync(path.join(folder ?? '', 'golden_lr_metrics.json'), 'utf8'),
      ) as Record<string, number>;
      const [scores, labels] = [scored['score'] ?? [], scored['fraud'] ?? []];
      expect(rocAuc(scores, labels)).toBeCloseTo(golden['auc_roc'] ?? NaN, 6);
      expect(averagePrecision(scores, labels)).toBeCloseTo(golden['average_precision'] ?? NaN, 4);
      const transactions = { days: scored['day'] ?? [], cards: scored['customer_id'] ?? [], labels, scores };
      expect(cardPrecision(transactions, 100)).toBeCloseTo(golden['card_precision_100'] ?? NaN, 6);
    });
  },
);
