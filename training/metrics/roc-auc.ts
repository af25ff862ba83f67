import { rankingSteps } from '#training/metrics/ranking-steps.ts';
import type { RankingStep } from '#training/metrics/ranking-steps.ts';

/** The chance that a fraud scores above another payment, ties counting half. NaN without both classes. */
export function rocAuc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  let area = 0;
  let before: RankingStep = { frauds: 0, others: 0 };
  for (const step of rankingSteps(scores, labels)) {
    area += (step.others - before.others) * (before.frauds + step.frauds) * 0.5;
    before = step;
  }
  return area / (before.frauds * before.others);
}
