import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';
import { modelMetrics } from '#training/evaluation/model-metrics.ts';
import { observedMetrics } from '#training/evaluation/observed-metrics.ts';
import type { ReleasedMetrics } from '#training/evaluation/released-metrics.ts';
import { reviewCapacity } from '#training/evaluation/review-capacity.ts';
import type { SeatMetrics } from '#training/evaluation/seat-metrics.ts';
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
      wasReported: isFraud ? place % 200 !== 0 : false,
      family: isFraud ? family : null,
      campaign: isFraud ? `${family}-${place % 4}` : null,
      payer: `a${place % 40}`,
    };
  });
}

function seatMetrics(seat: SeatMetrics['seat']): SeatMetrics {
  const end = {
    family: 'card_testing',
    campaigns: 3,
    attempts: 40,
    stoppedShare: 0.9,
    firstStoppedPaymentMedian: 4,
    minutesToFirstStopMedian: null,
    minutesToLastLossMedian: 90,
    lostMinorMedian: 700,
    lostMinor: 5_000,
    triedMinor: 90_000,
  };
  const payments = scoredPayments();
  return {
    seat,
    world: { set: 'evaluation', seed: 9, days: 7, customers: 100, fraudTimes: 1 },
    besideRules: modelMetrics(payments, { review: 0.3, deny: 0.8 }),
    observed: observedMetrics(payments),
    without: { device: { averagePrecision: 0.5, recallAtRulesFalsePositives: 0.25 } },
    capacity: reviewCapacity(payments),
    closedLoop: {
      families: [end],
      honestPayments: 980,
      honestDenied: 2,
      reviews: 10,
      reviewsPerDay: 10 / 7,
    },
  };
}

export function releasedMetrics(): ReleasedMetrics {
  const seats = [seatMetrics('wallet'), seatMetrics('bank')];
  const [first] = seats;
  const family = first?.besideRules.families[0];
  if (family === undefined) throw new Error('the payments have no family');
  const { averagePrecision, recallAtRulesFalsePositives } = family;
  const learnt = { averagePrecision, recallAtRulesFalsePositives };
  return {
    statement: 'All of it is simulated.',
    model: 'test@1',
    command: 'npm run evaluate -- --model models/test/1',
    seats,
    ownWorld: { averagePrecision: 0.6 },
    reference: {
      library: 'LightGBM 4.6.0',
      trees: 12,
      settings: {},
      seats: [
        { seat: 'wallet', averagePrecision, recallAtRulesFalsePositives: 0.4, modelAhead: averagePrecision },
      ],
    },
    leftOut: [{ family: 'card_testing', seat: 'wallet', frauds: 10, learnt, leftOut: learnt }],
  };
}
