/** Payments with their score and what they really were: what every measure of an evaluation reads. */

export interface ScoredPayment {
  readonly at: number;
  readonly amountMinor: number;
  readonly score: number;
  /** How many payments of ordinary traffic it stands for: below 1 where there is more fraud than usual. */
  readonly weight: number;
  /** Whether the rules that decided withheld it. */
  readonly isFlaggedByRules: boolean;
  readonly isFraud: boolean;
  /** Whether it was reported as fraud, by the last word; null where that never could show. */
  readonly wasReported: boolean | null;
  readonly family: string | null;
  readonly campaign: string | null;
  /** What honest payments are resampled by: the card, or the account where none was sent. */
  readonly payer: string;
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

/** How many payments of ordinary traffic these stand for. */
export function countWeighted(payments: readonly ScoredPayment[]): number {
  return payments.reduce((sum, payment) => sum + payment.weight, 0);
}

function sumAmounts(payments: readonly ScoredPayment[]): number {
  return payments.reduce((sum, payment) => sum + payment.weight * payment.amountMinor, 0);
}

/** Ratios are NaN where there is nothing to divide by. */
export function detect(
  payments: readonly ScoredPayment[],
  isFlagged: (payment: ScoredPayment) => boolean,
  threshold: number,
): Detection {
  const flagged = payments.filter(isFlagged);
  const isFraud = (payment: ScoredPayment): boolean => payment.isFraud;
  const caught = flagged.filter(isFraud);
  const [frauds, fraudsCaught, allFlagged] = [payments.filter(isFraud), caught, flagged].map(
    countWeighted,
  ) as [number, number, number];
  const falsePositives = allFlagged - fraudsCaught;
  return {
    threshold,
    flagged: allFlagged,
    fraudsCaught,
    recall: fraudsCaught / frauds,
    valueDetectionRate: sumAmounts(caught) / sumAmounts(payments.filter(isFraud)),
    falsePositiveRate: falsePositives / (countWeighted(payments) - frauds),
    falsePositivesPerFraud: falsePositives / fraudsCaught,
    flaggedPerDay: allFlagged / daysOf(payments),
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
