/**
 * Fits the straight line that turns log-odds into calibrated ones (Platt, 1999), by Newton's method on
 * the weighted log loss. The labels are pulled in a little, as Platt does, so that perfectly separated
 * rows do not give an endless slope.
 */
import { probabilityOf } from '#src/scoring/calibration.ts';
import type { Calibration } from '#src/scoring/calibration.ts';

export interface LabelledScores {
  readonly logOdds: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

const ROUNDS_MAX = 100;
const CHANGE_MIN = 1e-9;
/** A ridge that keeps the step finite where the curvature vanishes. */
const RIDGE = 1e-9;
/** The order of the scores must be kept, whatever little data say. */
const SLOPE_MIN = 0.05;

interface Targets {
  readonly fraud: number;
  readonly other: number;
}

function weightOf(scores: LabelledScores, label: number): number {
  let sum = 0;
  for (let row = 0; row < scores.labels.length; row++)
    if (scores.labels[row] === label) sum += scores.weights[row] as number;
  return sum;
}

function newtonStep(scores: LabelledScores, line: Calibration, targets: Targets): Calibration {
  let [slopeGradient, interceptGradient] = [0, 0];
  let [slopeSlope, slopeIntercept, interceptIntercept] = [RIDGE, 0, RIDGE];
  for (let row = 0; row < scores.labels.length; row++) {
    const score = scores.logOdds[row] as number;
    const weight = scores.weights[row] as number;
    const probability = probabilityOf(line.slope * score + line.intercept);
    const error = weight * (probability - (scores.labels[row] === 1 ? targets.fraud : targets.other));
    const curvature = weight * probability * (1 - probability);
    slopeGradient += error * score;
    interceptGradient += error;
    slopeSlope += curvature * score * score;
    slopeIntercept += curvature * score;
    interceptIntercept += curvature;
  }
  const determinant = slopeSlope * interceptIntercept - slopeIntercept * slopeIntercept;
  return {
    slope:
      line.slope - (interceptIntercept * slopeGradient - slopeIntercept * interceptGradient) / determinant,
    intercept:
      line.intercept - (slopeSlope * interceptGradient - slopeIntercept * slopeGradient) / determinant,
  };
}

function loss(scores: LabelledScores, line: Calibration, targets: Targets): number {
  let sum = 0;
  for (let row = 0; row < scores.labels.length; row++) {
    const score = line.slope * (scores.logOdds[row] as number) + line.intercept;
    const target = scores.labels[row] === 1 ? targets.fraud : targets.other;
    const logOnePlus = Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score)));
    sum += (scores.weights[row] as number) * (logOnePlus - target * score);
  }
  return sum;
}

/** Halves the step until the loss falls: far from the answer a full Newton step can overshoot. */
function improved(scores: LabelledScores, line: Calibration, targets: Targets): Calibration {
  const full = newtonStep(scores, line, targets);
  const before = loss(scores, line, targets);
  for (let share = 1; share > 1e-4; share /= 2) {
    const next = {
      slope: line.slope + share * (full.slope - line.slope),
      intercept: line.intercept + share * (full.intercept - line.intercept),
    };
    if (loss(scores, next, targets) < before) return next;
  }
  return line;
}

export function fitPlatt(scores: LabelledScores): Calibration {
  const frauds = weightOf(scores, 1);
  const others = weightOf(scores, 0);
  const targets: Targets = { fraud: (frauds + 1) / (frauds + 2), other: 1 / (others + 2) };
  let line: Calibration = { slope: 1, intercept: 0 };
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const next = improved(scores, line, targets);
    const change = Math.abs(next.slope - line.slope) + Math.abs(next.intercept - line.intercept);
    line = next;
    if (change < CHANGE_MIN) break;
  }
  return { slope: Math.max(SLOPE_MIN, line.slope), intercept: line.intercept };
}
