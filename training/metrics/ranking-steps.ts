/** Scores as a ranking. Equal scores are one step, so that neither the order of the rows nor luck decides between them. */

/** What stands at or above a score. */
export interface RankingStep {
  readonly frauds: number;
  readonly others: number;
}

function descendingOrder(scores: ArrayLike<number>): Uint32Array {
  const keyed = Float64Array.from(scores);
  return Uint32Array.from(keyed.keys()).sort(
    (one, other) => (keyed[other] as number) - (keyed[one] as number),
  );
}

/** One step for each distinct score, from the highest down. A row counts as much as its weight, 1 without any. */
export function rankingSteps(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): readonly RankingStep[] {
  const order = descendingOrder(scores);
  const steps: RankingStep[] = [];
  let frauds = 0;
  let others = 0;
  order.forEach((row, place) => {
    const weight = weights?.[row] ?? 1;
    if (labels[row] === 1) frauds += weight;
    else others += weight;
    const next = order[place + 1];
    if (next === undefined || scores[next] !== scores[row]) steps.push({ frauds, others });
  });
  return steps;
}
