import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';
import { modelMetrics } from '#training/train/model-metrics.ts';
import type { ReleasedMetrics } from '#training/train/released-metrics.ts';
import { createRandom } from '#training/random.ts';

/** Two families, one that scores high and one that does not, among honest payments. */
export function scoredPayments(): readonly ScoredPayment[] {
  const random = createRandom(3);
  return Array.from({ length: 1000 }, (_, place) => {
    const isFraud = place % 50 === 0;
    const family = place % 100 === 0 ? 'card_testing' : 'scam_payee';
    const lift = isFraud && family === 'card_testing' ? 0.5 : 0;
    return {
      at: place * 600_000,
      amountMinor: 1000,
      score: Math.min(1, random.uniform() * 0.5 + lift),
      weight: 1,
      isFlaggedByRules: place % 90 === 0,
      isFraud,
      family: isFraud ? family : null,
      campaign: isFraud ? `${family}-${place % 4}` : null,
      account: `a${place % 40}`,
    };
  });
}

export function releasedMetrics(): ReleasedMetrics {
  const end = {
    family: 'card_testing',
    campaigns: 3,
    attempts: 40,
    stoppedShare: 0.9,
    firstStoppedPaymentMedian: 4,
    minutesToFirstStopMedian: null,
    lostMinor: 5_000,
    triedMinor: 90_000,
  };
  return {
    statement: 'All of it is simulated.',
    model: 'test@1',
    world: { set: 'evaluation', seed: 9, days: 7, customers: 100, fraudTimes: 1 },
    besideRules: modelMetrics(scoredPayments(), { review: 0.3, deny: 0.8 }),
    closedLoop: { families: [end], honestPayments: 980, honestDenied: 2, reviews: 10 },
    ownWorld: {
      averagePrecision: 0.6,
      without: { device: 0.5 },
    },
  };
}
