/** Payments with their score and what they really were: what every measure of an evaluation reads. */

export interface ScoredPayment {
  readonly at: number;
  readonly amountMinor: number;
  readonly score: number;
  /** Whether the rules that decided withheld it. */
  readonly isFlaggedByRules: boolean;
  readonly isFraud: boolean;
  readonly family: string | null;
  readonly campaign: string | null;
  /** What honest payments are resampled by. */
  readonly account: string;
}

export interface Detection {
  /** Calibrated probability at or above which a payment is flagged. */
  readonly threshold: number;
  readonly flagged: number;
  readonly fraudsCaught: number;
  /** Of the frauds. */
  readonly recall: number;
  /** Of the money that frauds tried to take. */
  readonly valueDetectionRate: number;
  /** Of the honest payments. */
  readonly falsePositiveRate: number;
  readonly falsePositivesPerFraud: number;
  readonly flaggedPerDay: number;
}

const DAY_MS = 86_400_000;

function daysOf(payments: readonly ScoredPayment[]): number {
  return Math.max(1, ((payments.at(-1)?.at ?? 0) - (payments[0]?.at ?? 0)) / DAY_MS);
}

function sumAmounts(payments: readonly ScoredPayment[]): number {
  return payments.reduce((sum, payment) => sum + payment.amountMinor, 0);
}

/** Ratios are NaN where there is nothing to divide by. */
export function detect(
  payments: readonly ScoredPayment[],
  isFlagged: (payment: ScoredPayment) => boolean,
  threshold: number,
): Detection {
  const flagged = payments.filter(isFlagged);
  const frauds = payments.filter((payment) => payment.isFraud);
  const caught = flagged.filter((payment) => payment.isFraud);
  const falsePositives = flagged.length - caught.length;
  return {
    threshold,
    flagged: flagged.length,
    fraudsCaught: caught.length,
    recall: caught.length / frauds.length,
    valueDetectionRate: sumAmounts(caught) / sumAmounts(frauds),
    falsePositiveRate: falsePositives / (payments.length - frauds.length),
    falsePositivesPerFraud: falsePositives / caught.length,
    flaggedPerDay: flagged.length / daysOf(payments),
  };
}

export function detectAt(payments: readonly ScoredPayment[], threshold: number): Detection {
  return detect(payments, (payment) => payment.score >= threshold, threshold);
}

/** The lowest threshold at which no more than so many honest payments are flagged. */
export function thresholdForFalsePositives(
  payments: readonly ScoredPayment[],
  falsePositivesMax: number,
): number {
  const honest = Float64Array.from(
    payments.filter((payment) => !payment.isFraud),
    (payment) => payment.score,
  )
    .sort()
    .reverse();
  const firstOver = honest[falsePositivesMax];
  if (firstOver === undefined) return 0;
  const above = honest.subarray(0, falsePositivesMax).findLast((score) => score > firstOver);
  return above ?? Number.POSITIVE_INFINITY;
}
