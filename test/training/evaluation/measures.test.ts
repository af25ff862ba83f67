import { describe, expect, test } from 'vitest';
import { campaignEnds } from '#training/evaluation/campaign-ends.ts';
import {
  averagePrecisionInterval,
  differenceInterval,
  shareInterval,
} from '#training/evaluation/intervals.ts';
import { observedMetrics } from '#training/evaluation/observed-metrics.ts';
import { reviewCapacity } from '#training/evaluation/review-capacity.ts';
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
    wasReported: false,
    family: null,
    campaign: null,
    payer: 'card a',
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
    return payment(random.uniform() + (isFraud ? 0.5 : 0), {
      isFraud,
      campaign,
      payer: `card a${place % 300}`,
    });
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

describe('two models on the same payments', () => {
  const random = createRandom(8);
  const payments = Array.from({ length: 3000 }, (_, place) => {
    const isFraud = place % 20 === 0;
    const campaign = isFraud ? `c${place % 400}` : null;
    return payment(random.uniform() + (isFraud ? 0.6 : 0), {
      isFraud,
      campaign,
      payer: `card a${place % 200}`,
    });
  });

  test('a model is ahead of itself by nothing, and of a worse one by more than the draws can explain', () => {
    const own = payments.map(({ score }) => score);
    const same = differenceInterval(payments, own);
    expect([same.value, same.low, same.high]).toEqual([0, 0, 0]);
    const worse = differenceInterval(
      payments,
      own.map((score, place) => score - (payments[place]?.isFraud === true ? 0.4 : 0)),
    );
    expect(worse.low).toBeGreaterThan(0);
  });

  test('the interval of a share is wide where few campaigns stand behind it', () => {
    const frauds = payments.filter(({ isFraud }) => isFraud);
    const isCaught = ({ campaign }: ScoredPayment) => Number(campaign?.slice(1)) < 200;
    const few = shareInterval(frauds, isCaught);
    expect(few.value).toBeCloseTo(80 / 150, 10);
    expect(few.campaigns).toBe(20);
    const many = shareInterval(
      frauds.map((fraud, place) => ({ ...fraud, campaign: `${fraud.campaign} ${place}` })),
      (fraud) => isCaught({ ...fraud, campaign: fraud.campaign?.split(' ')[0] ?? null }),
    );
    expect(few.high - few.low).toBeGreaterThan(1.5 * (many.high - many.low));
  });
});

describe('what was reported', () => {
  const payments = [
    payment(0.9, { isFraud: true, wasReported: true, family: 'scam_payee', campaign: 'x' }),
    payment(0.8, { isFraud: true, wasReported: false, family: 'scam_payee', campaign: 'x' }),
    payment(0.7, { isFraud: true, wasReported: null, family: 'scam_payee', campaign: 'x' }),
    payment(0.6, { wasReported: true }),
    payment(0.1),
  ];
  const observed = observedMetrics(payments);

  test('counts only payments that went through, and keeps honest disputes apart from fraud', () => {
    expect(observed).toMatchObject({ payments: 4, frauds: 2, reportedFrauds: 1, reportedHonest: 1 });
    expect(observed.families).toMatchObject([{ family: 'scam_payee', shown: 2, reported: 1 }]);
  });

  test('gives another average precision than the truth on the same payments', () => {
    expect(observed.againstTruth.value).toBe(1);
    expect(observed.averagePrecision.value).toBeCloseTo((1 + 2 / 3) / 2, 10);
  });
});

describe('alerts at a capacity', () => {
  const payments = [0, 1].flatMap((day) =>
    Array.from({ length: 100 }, (_, place) =>
      payment(place / 100, { at: day * DAY_MS, isFraud: place > 91, amountMinor: place > 97 ? 500 : 100 }),
    ),
  );
  const capacity = reviewCapacity(payments);

  test('each day the highest scores are looked at, up to the capacity and no further', () => {
    expect(capacity[0]).toMatchObject({ alertsPerDay: 5, precision: 1, recall: 5 / 8 });
    expect(capacity[1]).toMatchObject({ alertsPerDay: 10, precision: 0.8, recall: 1 });
  });

  test('money counts beside payments', () => {
    expect(capacity[0]?.valueDetectionRate).toBeCloseTo(1300 / 1600, 10);
  });

  test('payments that stand for fewer of ordinary traffic take less room', () => {
    const light = payments.map((each) => ({ ...each, weight: each.isFraud ? 0.5 : 1 }));
    expect(reviewCapacity(light)[0]).toMatchObject({ alertsPerDay: 5, recall: 1 });
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
      minutesToLastLossMedian: 3,
      lostMinorMedian: 1000,
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
