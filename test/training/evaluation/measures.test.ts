import { describe, expect, test } from 'vitest';
import { campaignEnds } from '#training/evaluation/campaign-ends.ts';
import { averagePrecisionInterval } from '#training/evaluation/intervals.ts';
import { reliability } from '#training/evaluation/reliability.ts';
import { detectAt, thresholdForFalsePositives } from '#training/evaluation/scored-payments.ts';
import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { createRandom } from '#training/random.ts';

const DAY_MS = 86_400_000;

function payment(score: number, change: Partial<ScoredPayment> = {}): ScoredPayment {
  return {
    at: 0,
    amountMinor: 100,
    score,
    weight: 1,
    isFlaggedByRules: false,
    isFraud: false,
    family: null,
    campaign: null,
    account: 'a',
    ...change,
  };
}

describe('detection at a threshold', () => {
  const payments = [
    payment(0.9, { isFraud: true, amountMinor: 300 }),
    payment(0.8),
    payment(0.5, { isFraud: true, amountMinor: 100 }),
    payment(0.1, { at: 2 * DAY_MS }),
  ];

  test('frauds, money, honest payments and days are each counted against their own total', () => {
    expect(detectAt(payments, 0.8)).toEqual({
      threshold: 0.8,
      flagged: 2,
      fraudsCaught: 1,
      recall: 0.5,
      valueDetectionRate: 0.75,
      falsePositiveRate: 0.5,
      falsePositivesPerFraud: 1,
      flaggedPerDay: 1,
    });
  });

  test('the threshold for a number of false positives flags no more than that', () => {
    const many = [0.9, 0.8, 0.8, 0.7, 0.6].map((score) => payment(score));
    for (const allowed of [0, 1, 2, 3, 4, 5]) {
      const threshold = thresholdForFalsePositives(many, allowed);
      expect(many.filter(({ score }) => score >= threshold).length).toBeLessThanOrEqual(allowed);
    }
    expect(thresholdForFalsePositives(many, 3)).toBe(0.8);
  });
});

describe('reliability', () => {
  test('each payment is in one bin, whose share of fraud is what came true', () => {
    const bins = reliability([
      payment(0.02),
      payment(0.02, { isFraud: true }),
      payment(1, { isFraud: true }),
    ]);
    expect(bins.reduce((sum, bin) => sum + bin.payments, 0)).toBe(3);
    expect(bins.find((bin) => bin.from === 0.01)).toMatchObject({ payments: 2, fraudShare: 0.5 });
    expect(bins.at(-1)).toMatchObject({ payments: 1, meanScore: 1, fraudShare: 1 });
  });
});

describe('the interval of average precision', () => {
  const random = createRandom(5);
  const payments = Array.from({ length: 2000 }, (_, place) => {
    const isFraud = place % 20 === 0;
    const campaign = isFraud ? `c${place % 200}` : null;
    return payment(random.uniform() + (isFraud ? 0.5 : 0), { isFraud, campaign, account: `a${place % 300}` });
  });
  const interval = averagePrecisionInterval(payments);

  test('its value is the average precision itself, within its bounds', () => {
    expect(interval.value).toBeCloseTo(
      averagePrecision(
        payments.map(({ score }) => score),
        payments.map(({ isFraud }) => (isFraud ? 1 : 0)),
      ),
      10,
    );
    expect(interval.low).toBeLessThan(interval.value);
    expect(interval.high).toBeGreaterThan(interval.value);
  });

  test('n is the number of campaigns, and frauds of one campaign do not count as so many witnesses', () => {
    expect(interval.campaigns).toBe(10);
    const alike = payments.map((each) =>
      each.campaign === null ? each : { ...each, score: Number(each.campaign.slice(1)) / 200 },
    );
    const together = averagePrecisionInterval(alike);
    const apart = averagePrecisionInterval(
      alike.map((each, place) => (each.isFraud ? { ...each, campaign: `c${place}` } : each)),
    );
    expect(apart.campaigns).toBe(100);
    expect(together.high - together.low).toBeGreaterThan(1.5 * (apart.high - apart.low));
  });
});

describe('the ends of campaigns', () => {
  test('each family says at which payment and after how long its median campaign was stopped', () => {
    const one = (minutes: number, campaign: string, isStopped: boolean) => ({
      at: minutes * 60_000,
      amountMinor: 500,
      family: 'card_testing',
      campaign,
      isStopped,
      isLost: !isStopped,
    });
    const [family] = campaignEnds([
      one(0, 'x', false),
      one(1, 'y', true),
      one(3, 'x', false),
      one(9, 'x', true),
    ]);
    expect(family).toEqual({
      family: 'card_testing',
      campaigns: 2,
      attempts: 4,
      stoppedShare: 0.5,
      firstStoppedPaymentMedian: 3,
      minutesToFirstStopMedian: 9,
      lostMinor: 1000,
      triedMinor: 2000,
    });
  });

  test('a family that was never stopped has no median', () => {
    const [family] = campaignEnds([
      { at: 0, amountMinor: 1, family: 'f', campaign: 'c', isStopped: false, isLost: true },
    ]);
    expect(family?.firstStoppedPaymentMedian).toBeNull();
  });
});
