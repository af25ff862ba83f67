/**
 * A simple model that finds what single columns give away: for each column the log-odds of fraud by
 * bin, learnt on one part of the rows and added up on the other (naive Bayes). Strong enough to find
 * a leak in a column, too weak to invent one.
 */
export interface LabelledRow {
  readonly fraud: boolean;
  /** The bin of each column, by its name; `undefined` where the column was not sent. */
  readonly bins: Readonly<Record<string, number | string | undefined>>;
}

/** Counted onto each bin, so that rare ones say little. */
const PRIOR_ROWS = 20;

export type BinnedModel = (row: LabelledRow) => number;

export function fitBinnedModel(rows: readonly LabelledRow[]): BinnedModel {
  const counts = new Map<string, { all: number; fraud: number }>();
  let frauds = 0;
  for (const { bins, fraud } of rows) {
    if (fraud) frauds += 1;
    for (const [column, bin] of Object.entries(bins)) {
      const key = `${column}=${bin}`;
      const count = counts.get(key) ?? { all: 0, fraud: 0 };
      count.all += 1;
      if (fraud) count.fraud += 1;
      counts.set(key, count);
    }
  }
  const share = frauds / rows.length;
  const logOddsOf = (key: string): number => {
    const count = counts.get(key) ?? { all: 0, fraud: 0 };
    const smoothed = (count.fraud + PRIOR_ROWS * share) / (count.all + PRIOR_ROWS);
    return Math.log(smoothed / share);
  };
  return ({ bins }) =>
    Object.entries(bins).reduce((sum, [column, bin]) => sum + logOddsOf(`${column}=${bin}`), 0);
}
