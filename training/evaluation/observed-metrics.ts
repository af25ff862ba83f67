/**
 * The same scores against what was reported, as an owner of real payments would have to measure them:
 * only payments that went through, a part of the fraud never reported, some honest ones disputed.
 */
import { averagePrecisionInterval } from '#training/evaluation/intervals.ts';
import type { Interval } from '#training/evaluation/intervals.ts';
import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';

export interface ObservedFamily {
  readonly family: string;
  /** Frauds that went through, and how many of them were reported. */
  readonly shown: number;
  readonly reported: number;
  /** Of the reported ones among payments that nobody reported. */
  readonly averagePrecision: Interval;
}

export interface ObservedMetrics {
  /** Payments that went through, or whose issuer said what they were. */
  readonly payments: number;
  readonly frauds: number;
  readonly reportedFrauds: number;
  readonly reportedHonest: number;
  readonly averagePrecision: Interval;
  /** On the same payments. */
  readonly againstTruth: Interval;
  readonly families: readonly ObservedFamily[];
}

const asReported = (payments: readonly ScoredPayment[]): readonly ScoredPayment[] =>
  payments.map((payment) => ({ ...payment, isFraud: payment.wasReported === true }));

function observedFamily(family: string, shown: readonly ScoredPayment[]): ObservedFamily {
  const own = shown.filter((payment) => payment.isFraud && payment.family === family);
  const others = shown.filter((payment) => payment.wasReported === false && payment.family !== family);
  return {
    family,
    shown: own.length,
    reported: own.filter((payment) => payment.wasReported === true).length,
    averagePrecision: averagePrecisionInterval(asReported([...own, ...others])),
  };
}

export function observedMetrics(payments: readonly ScoredPayment[]): ObservedMetrics {
  const shown = payments.filter((payment) => payment.wasReported !== null);
  const frauds = shown.filter((payment) => payment.isFraud);
  const reported = shown.filter((payment) => payment.wasReported === true);
  const families = new Set(frauds.flatMap(({ family }) => family ?? []));
  return {
    payments: shown.length,
    frauds: frauds.length,
    reportedFrauds: reported.filter((payment) => payment.isFraud).length,
    reportedHonest: reported.filter((payment) => !payment.isFraud).length,
    averagePrecision: averagePrecisionInterval(asReported(shown)),
    againstTruth: averagePrecisionInterval(shown),
    families: [...families].sort().map((family) => observedFamily(family, shown)),
  };
}
