import { describe, expect, test } from 'vitest';
import { modelMetrics } from '#training/evaluation/model-metrics.ts';
import { scoredPayments } from '#test/support/released-metrics.ts';

describe('the metrics of a model', () => {
  const payments = scoredPayments();
  const metrics = modelMetrics(payments, { review: 0.3, deny: 0.8 });

  test('every fraud is counted in one family', () => {
    expect(metrics.families.map(({ family, frauds }) => [family, frauds])).toEqual([
      ['card_testing', 10],
      ['scam_payee', 10],
    ]);
    expect(metrics.frauds).toBe(20);
    expect(metrics.fraudShare).toBe(0.02);
  });

  test('a family that scores high has a higher average precision than one that does not', () => {
    const [testing, scam] = metrics.families;
    expect(testing?.averagePrecision.value).toBeGreaterThan(2 * (scam?.averagePrecision.value ?? 1));
  });

  test("at the rules' false positives the model flags no more honest payments than they do", () => {
    const honest = (flagged: { flagged: number; fraudsCaught: number }) =>
      flagged.flagged - flagged.fraudsCaught;
    expect(honest(metrics.atRulesFalsePositives)).toBeLessThanOrEqual(honest(metrics.tenRules));
    expect(honest(metrics.tenRules)).toBe(
      payments.filter((each) => each.isFlaggedByRules && !each.isFraud).length,
    );
  });

  test('a lower threshold catches no less', () => {
    expect(metrics.atReview.recall).toBeGreaterThanOrEqual(metrics.atDeny.recall);
    expect(metrics.atReview.flagged).toBeGreaterThanOrEqual(metrics.atDeny.flagged);
  });

  test('the curve ends with every fraud caught', () => {
    expect(metrics.curve.at(-1)?.recall).toBe(1);
    const recalls = metrics.curve.map((point) => point.recall);
    expect(recalls).toEqual(recalls.toSorted((one, other) => one - other));
  });
});
