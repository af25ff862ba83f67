/** Points of the precision-recall and ROC curves, few enough to draw. */
import { rankingSteps } from '#training/metrics/ranking-steps.ts';

export interface CurvePoint {
  readonly recall: number;
  readonly precision: number;
  readonly falsePositiveRate: number;
}

/** Steps of recall between points. */
const POINTS = 60;

export function rankingCurve(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): readonly CurvePoint[] {
  const steps = rankingSteps(scores, labels, weights);
  const last = steps.at(-1);
  if (last === undefined) return [];
  const points: CurvePoint[] = [];
  for (const { frauds, others } of steps) {
    const recall = frauds / last.frauds;
    if (recall * POINTS < points.length && frauds < last.frauds) continue;
    points.push({ recall, precision: frauds / (frauds + others), falsePositiveRate: others / last.others });
    if (frauds === last.frauds) break;
  }
  return points;
}
