/**
 * How well scores order frauds before the rest. Both measures treat equal scores as one step, as
 * scikit-learn does, so that neither the order of the rows nor luck decides between them.
 */

/** Places of the scores from the highest to the lowest. */
export function descendingOrder(scores: ArrayLike<number>): Uint32Array {
  const keyed = Float64Array.from(scores);
  return Uint32Array.from(keyed.keys()).sort(
    (one, other) => (keyed[other] as number) - (keyed[one] as number),
  );
}

interface Step {
  /** Frauds and others at or above this score. */
  readonly frauds: number;
  readonly others: number;
}

/** One step for each distinct score, from the highest down. */
function rankingSteps(scores: ArrayLike<number>, labels: ArrayLike<number>): readonly Step[] {
  const order = descendingOrder(scores);
  const steps: Step[] = [];
  let frauds = 0;
  let others = 0;
  order.forEach((row, place) => {
    if (labels[row] === 1) frauds += 1;
    else others += 1;
    const next = order[place + 1];
    if (next === undefined || scores[next] !== scores[row]) steps.push({ frauds, others });
  });
  return steps;
}

/** The chance that a fraud scores above another payment, ties counting half. NaN without both classes. */
export function rocAuc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  let area = 0;
  let before: Step = { frauds: 0, others: 0 };
  for (const step of rankingSteps(scores, labels)) {
    area += (step.others - before.others) * (before.frauds + step.frauds) * 0.5;
    before = step;
  }
  return area / (before.frauds * before.others);
}

/** The mean precision at each fraud: sum of (recall - recall before) × precision. NaN without a fraud. */
export function averagePrecision(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  let sum = 0;
  let fraudsBefore = 0;
  for (const step of rankingSteps(scores, labels)) {
    sum += ((step.frauds - fraudsBefore) * step.frauds) / (step.frauds + step.others);
    fraudsBefore = step.frauds;
  }
  return sum / fraudsBefore;
}
