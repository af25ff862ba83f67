import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitToReviewCapacity, thresholdsFromCosts } from '#src/decision/thresholds-from-costs.ts';
import type { PolicyCosts } from '#src/decision/policy-schema.ts';

const COSTS: PolicyCosts = {
  asset: 'EUR',
  reviewMinute: 80,
  reviewMinutes: 3,
  chargebackFee: 2_000,
  insultShareOfAmount: 0.1,
  margin: 0.15,
};

/** The expected cost of each outcome, written again from the words of the page. */
function expectedCosts(costs: PolicyCosts, amount: number, p: number) {
  return {
    approve: p * (amount + costs.chargebackFee),
    review: costs.reviewMinutes * costs.reviewMinute,
    deny: (1 - p) * (costs.insultShareOfAmount + costs.margin) * amount,
  };
}

describe('thresholds from costs', () => {
  test('for 100.00 of a shop with 15 % margin', () => {
    const { review, deny } = thresholdsFromCosts(COSTS, 10_000);
    expect(review).toBeCloseTo(240 / 12_000, 12);
    expect(deny).toBeCloseTo(1 - 240 / 2_500, 12);
  });

  test('no review where it costs more than it can save', () => {
    const { review, deny } = thresholdsFromCosts(COSTS, 500);
    expect(review).toBe(deny);
    expect(deny).toBeCloseTo(125 / 2_625, 12);
  });

  test('where nothing is lost by fraud, nothing is withheld', () => {
    expect(thresholdsFromCosts({ ...COSTS, chargebackFee: 0 }, 0).deny).toBeGreaterThan(1);
  });

  test('for any costs, amount and probability the cheapest outcome is chosen', () => {
    const costs = fc.record({
      asset: fc.constant('EUR'),
      reviewMinute: fc.integer({ min: 0, max: 500 }),
      reviewMinutes: fc.integer({ min: 1, max: 60 }),
      chargebackFee: fc.integer({ min: 0, max: 10_000 }),
      insultShareOfAmount: fc.double({ min: 0, max: 1, noNaN: true }),
      margin: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    const amount = fc.integer({ min: 1, max: 10_000_000 });
    fc.assert(
      fc.property(costs, amount, fc.double({ min: 0, max: 1, noNaN: true }), (given, amountMinor, p) => {
        const { review, deny } = thresholdsFromCosts(given, amountMinor);
        const chosen = p >= deny ? 'deny' : p >= review ? 'review' : 'approve';
        const price = expectedCosts(given, amountMinor, p);
        const cheapest = Math.min(price.approve, price.review, price.deny);
        expect(price[chosen]).toBeLessThanOrEqual(cheapest + 1e-6 * amountMinor);
      }),
    );
  });
});

describe('the review threshold at a capacity', () => {
  const thresholds = { challenge: 2, review: 0.2, deny: 0.8 };
  const scores = Float32Array.of(0.1, 0.75, 0.3, 0.9, 0.5, 0.4);

  test.each([
    [4, 0.2],
    [3, 0.4],
    [2, 0.5],
    [1, 0.75],
    [0, 0.8],
  ])('of %i an hour is %d', (maxPerHour, review) => {
    const fitted = fitToReviewCapacity(thresholds, { scores, hours: 1, maxPerHour });
    expect(fitted.review).toBeCloseTo(review, 6);
    expect(fitted.deny).toBe(0.8);
  });

  test('equal scores that do not all fit are not reviewed', () => {
    const equal = Float32Array.of(0.3, 0.3, 0.3, 0.6);
    const fitted = fitToReviewCapacity(thresholds, { scores: equal, hours: 1, maxPerHour: 2 });
    expect(fitted.review).toBeCloseTo(0.6, 6);
  });

  test('for any scores what is left fits', () => {
    const some = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(some, fc.nat(50), (values, maxPerHour) => {
        const all = Float32Array.from(values);
        const fitted = fitToReviewCapacity(thresholds, { scores: all, hours: 1, maxPerHour });
        const reviewed = all.filter((score) => score >= fitted.review && score < fitted.deny);
        expect(reviewed.length).toBeLessThanOrEqual(maxPerHour);
      }),
    );
  });
});
