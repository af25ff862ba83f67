import { rankingSteps } from '#training/metrics/ranking-steps.ts';

/**
 * The mean precision at each fraud, as scikit-learn computes it: the sum of (recall - recall before) ×
 * precision over the ranking. NaN without a fraud.
 */
export function averagePrecision(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  let sum = 0;
  let fraudsBefore = 0;
  for (const step of rankingSteps(scores, labels, weights)) {
    sum += ((step.frauds - fraudsBefore) * step.frauds) / (step.frauds + step.others);
    fraudsBefore = step.frauds;
  }
  return sum / fraudsBefore;
}
