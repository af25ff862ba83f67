/**
 * How well scores order frauds before the rest. Both measures treat equal scores as one step, as
 * scikit-learn does, so that neither the order of the rows nor luck decides between them.
 */

/** Places of the scores from the highest to the lowest. */
function descendingOrder(scores: ArrayLike<number>): Uint32Array {
  const keyed = Float64Array.from(scores);
  return Uint32Array.from(keyed.keys()).sort(
    (one, other) => (keyed[other] as number) - (keyed[one] as number),
  );
}

export interface RankingStep {
  /** Frauds and others at or above this score. */
  readonly frauds: number;
  readonly others: number;
}

/** One step for each distinct score, from the highest down. */
export function rankingSteps(scores: ArrayLike<number>, labels: ArrayLike<number>): readonly RankingStep[] {
  const order = descendingOrder(scores);
  const steps: RankingStep[] = [];
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
