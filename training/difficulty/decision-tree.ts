/**
 * A small classification tree: at each node the split that lowers weighted Gini impurity most
 * (Breiman and others, 1984), among quantiles of every feature. What a tree this small can do, a
 * handful of rules can.
 */
import type { Dataset } from '#training/dataset.ts';

type Node =
  | { readonly share: number }
  | { readonly feature: number; readonly below: number; readonly left: Node; readonly right: Node };

/** Thresholds that are tried for each feature at each node. */
const CANDIDATES = 24;
/** Rows in a leaf, so that it means something. */
const LEAF_ROWS_MIN = 20;

interface Split {
  readonly feature: number;
  readonly below: number;
  readonly impurity: number;
}

export function fitTree(data: Dataset, depth: number): (values: Float32Array, row: number) => number {
  const root = grow(
    data,
    Uint32Array.from({ length: data.rows }, (_, row) => row),
    depth,
  );
  return (values, row) => {
    let node = root;
    while ('feature' in node) {
      const value = values[row * data.columns + node.feature] as number;
      node = value < node.below ? node.left : node.right;
    }
    return node.share;
  };
}

function grow(data: Dataset, rows: Uint32Array, depth: number): Node {
  const split = depth > 0 ? bestSplit(data, rows) : undefined;
  if (split === undefined) return { share: fraudShare(data, rows) };
  const isLeft = (row: number): boolean => valueAt(data, row, split.feature) < split.below;
  const left = rows.filter(isLeft);
  const right = rows.filter((row) => !isLeft(row));
  return {
    feature: split.feature,
    below: split.below,
    left: grow(data, left, depth - 1),
    right: grow(data, right, depth - 1),
  };
}

function bestSplit(data: Dataset, rows: Uint32Array): Split | undefined {
  let best: Split | undefined;
  for (let feature = 0; feature < data.columns; feature++) {
    for (const below of candidates(data, rows, feature)) {
      const impurity = impurityOf(data, rows, { feature, below });
      if (impurity !== undefined && (best === undefined || impurity < best.impurity))
        best = { feature, below, impurity };
    }
  }
  return best;
}

/** Quantiles over all rows, and over the frauds among them, which are few and elsewhere. */
function candidates(data: Dataset, rows: Uint32Array, feature: number): number[] {
  const quantiles = (some: Uint32Array): number[] => {
    const sorted = Float32Array.from(some, (row) => valueAt(data, row, feature)).sort();
    return Array.from(
      { length: CANDIDATES / 2 },
      (_, place) => sorted[Math.floor(((place + 0.5) * sorted.length) / (CANDIDATES / 2))] ?? 0,
    );
  };
  const frauds = rows.filter((row) => data.labels[row] === 1);
  return [...new Set([...quantiles(rows), ...(frauds.length > 0 ? quantiles(frauds) : [])])];
}

/** Weighted sum of both sides' impurities; undefined if a side is too small. */
function impurityOf(
  data: Dataset,
  rows: Uint32Array,
  { feature, below }: Pick<Split, 'feature' | 'below'>,
): number | undefined {
  const all = [0, 0];
  const fraud = [0, 0];
  const count = [0, 0];
  for (const row of rows) {
    const side = valueAt(data, row, feature) < below ? 0 : 1;
    const weight = data.weights[row] as number;
    all[side] = (all[side] as number) + weight;
    count[side] = (count[side] as number) + 1;
    if (data.labels[row] === 1) fraud[side] = (fraud[side] as number) + weight;
  }
  if (Math.min(...count) < LEAF_ROWS_MIN) return undefined;
  return all.reduce((sum, total, side) => {
    const share = (fraud[side] as number) / total;
    return sum + 2 * total * share * (1 - share);
  }, 0);
}

function fraudShare({ labels, weights }: Dataset, rows: Uint32Array): number {
  let fraud = 0;
  let all = 0;
  for (const row of rows) {
    all += weights[row] as number;
    fraud += (weights[row] as number) * (labels[row] as number);
  }
  return all === 0 ? 0 : fraud / all;
}

function valueAt({ values, columns }: Dataset, row: number, feature: number): number {
  return values[row * columns + feature] as number;
}
