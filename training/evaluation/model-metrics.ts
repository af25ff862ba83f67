/** The figures of `metrics.json` and of the model card, from scored payments. */
import { averagePrecisionInterval, shareInterval } from '#training/evaluation/intervals.ts';
import type { Interval } from '#training/evaluation/intervals.ts';
import { rankingCurve } from '#training/evaluation/ranking-curve.ts';
import type { CurvePoint } from '#training/evaluation/ranking-curve.ts';
import { reliability } from '#training/evaluation/reliability.ts';
import type { ReliabilityBin } from '#training/evaluation/reliability.ts';
import {
  countWeighted,
  detect,
  detectAt,
  thresholdForFalsePositives,
} from '#training/evaluation/scored-payments.ts';
import type { Detection, ScoredPayment } from '#training/evaluation/scored-payments.ts';
import { rocAuc } from '#training/metrics/roc-auc.ts';

export interface FamilyMetrics {
  readonly family: string;
  readonly frauds: number;
  readonly campaigns: number;
  /** Ranked among all honest payments. */
  readonly averagePrecision: Interval;
  /** Share caught at the review threshold. */
  readonly recallAtReview: number;
  readonly recallByRules: number;
  /** The model's at the rules' false positives. */
  readonly recallAtRulesFalsePositives: Interval;
  /** Of the family's money, what was caught there. */
  readonly valueAtRulesFalsePositives: number;
}

export interface ModelMetrics {
  readonly payments: number;
  readonly frauds: number;
  readonly fraudShare: number;
  readonly rocAuc: number;
  readonly averagePrecision: Interval;
  readonly atReview: Detection;
  readonly atDeny: Detection;
  readonly tenRules: Detection;
  readonly atRulesFalsePositives: Detection;
  readonly families: readonly FamilyMetrics[];
  /** The mean probability said, beside `fraudShare`: calibration in the large. */
  readonly meanScore: number;
  readonly reliability: readonly ReliabilityBin[];
  readonly curve: readonly CurvePoint[];
}

export interface MetricThresholds {
  readonly review: number;
  readonly deny: number;
}

export interface FamilyThresholds extends MetricThresholds {
  readonly equal: number;
}

export function familyMetrics(
  family: string,
  payments: readonly ScoredPayment[],
  { review, equal }: FamilyThresholds,
): FamilyMetrics {
  const chosen = payments.filter((payment) => !payment.isFraud || payment.family === family);
  const frauds = chosen.filter((payment) => payment.isFraud);
  const share = (isCaught: (payment: ScoredPayment) => boolean): number =>
    frauds.filter(isCaught).length / frauds.length;
  return {
    family,
    frauds: frauds.length,
    campaigns: new Set(frauds.map((payment) => payment.campaign)).size,
    averagePrecision: averagePrecisionInterval(chosen),
    recallAtReview: share((payment) => payment.score >= review),
    recallByRules: share((payment) => payment.isFlaggedByRules),
    recallAtRulesFalsePositives: shareInterval(frauds, (payment) => payment.score >= equal),
    valueAtRulesFalsePositives: detectAt(frauds, equal).valueDetectionRate,
  };
}

/** The lowest threshold at which no more honest payments are flagged than the rules flag. */
export function rulesThreshold(payments: readonly ScoredPayment[]): number {
  const falsePositives = payments.filter((payment) => payment.isFlaggedByRules && !payment.isFraud).length;
  return thresholdForFalsePositives(payments, falsePositives);
}

export function modelMetrics(payments: readonly ScoredPayment[], thresholds: MetricThresholds): ModelMetrics {
  const frauds = payments.filter((payment) => payment.isFraud);
  const equal = rulesThreshold(payments);
  const families = [...new Set(frauds.flatMap(({ family }) => (family === null ? [] : [family])))].sort();
  const scores = Float64Array.from(payments, (payment) => payment.score);
  const labels = Uint8Array.from(payments, (payment) => (payment.isFraud ? 1 : 0));
  const weights = Float64Array.from(payments, (payment) => payment.weight);
  return {
    payments: payments.length,
    frauds: frauds.length,
    fraudShare: countWeighted(frauds) / countWeighted(payments),
    rocAuc: rocAuc(scores, labels),
    averagePrecision: averagePrecisionInterval(payments),
    atReview: detectAt(payments, thresholds.review),
    atDeny: detectAt(payments, thresholds.deny),
    tenRules: detect(payments, (payment) => payment.isFlaggedByRules, NaN),
    atRulesFalsePositives: detectAt(payments, equal),
    families: families.map((family) => familyMetrics(family, payments, { ...thresholds, equal })),
    meanScore: payments.reduce((sum, { score, weight }) => sum + score * weight, 0) / countWeighted(payments),
    reliability: reliability(payments),
    curve: rankingCurve(scores, labels, weights),
  };
}
