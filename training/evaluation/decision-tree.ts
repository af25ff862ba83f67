/**
 * A small classification tree (Breiman et al., 1984; Gini impurity). It is here to be beaten: where three
 * questions do nearly as well as a network, the world that both learnt from is too easy.
 */
import type { Dataset } from '#training/dataset.ts';

/** Cuts that are tried for each feature, at quantiles of its values. */
const CUTS = 24;

export type Tree =
  | { readonly kind: 'leaf'; readonly fraudShare: number }
  | {
      readonly kind: 'question';
      readonly column: number;
      readonly above: number;
      readonly yes: Tree;
      readonly no: Tree;
    };

interface Sums {
  frauds: number;
  others: number;
}

interface Cut {
  readonly column: number;
  readonly above: number;
  readonly impurity: number;
}

function impurity({ frauds, others }: Sums): number {
  const total = frauds + others;
  return total === 0 ? 0 : (2 * frauds * others) / total;
}

function sumsOf(data: Dataset, rows: Uint32Array): Sums {
  const sums = { frauds: 0, others: 0 };
  for (const row of rows) {
    if (data.labels[row] === 1) sums.frauds += data.weights[row] as number;
    else sums.others += data.weights[row] as number;
  }
  return sums;
}

function quantiles(data: Dataset, rows: Uint32Array, column: number): readonly number[] {
  const sorted = Float32Array.from(rows, (row) => data.values[row * data.columns + column] as number).sort();
  const cuts = Array.from(
    { length: CUTS },
    (_, cut) => sorted[Math.floor(((cut + 0.5) * sorted.length) / CUTS)] as number,
  );
  return [...new Set(cuts)];
}

/** The impurity on both sides of each cut, in one pass over the rows. */
function bestCutOf(data: Dataset, rows: Uint32Array, column: number): Cut {
  const cuts = quantiles(data, rows, column);
  const sides = Array.from({ length: cuts.length + 1 }, (): Sums => ({ frauds: 0, others: 0 }));
  for (const row of rows) {
    const value = data.values[row * data.columns + column] as number;
    let place = 0;
    while (place < cuts.length && value > (cuts[place] as number)) place += 1;
    const side = sides[place] as Sums;
    if (data.labels[row] === 1) side.frauds += data.weights[row] as number;
    else side.others += data.weights[row] as number;
  }
  const total = sumsOf(data, rows);
  const below: Sums = { frauds: 0, others: 0 };
  let best: Cut = { column, above: 0, impurity: Number.POSITIVE_INFINITY };
  cuts.forEach((above, place) => {
    below.frauds += sides[place]?.frauds ?? 0;
    below.others += sides[place]?.others ?? 0;
    const rest = { frauds: total.frauds - below.frauds, others: total.others - below.others };
    const both = impurity(below) + impurity(rest);
    if (both < best.impurity) best = { column, above, impurity: both };
  });
  return best;
}

function grow(data: Dataset, rows: Uint32Array, depth: number): Tree {
  const sums = sumsOf(data, rows);
  const leaf: Tree = {
    kind: 'leaf',
    fraudShare: sums.frauds / Math.max(Number.MIN_VALUE, sums.frauds + sums.others),
  };
  if (depth === 0 || sums.frauds === 0 || sums.others === 0) return leaf;
  const cuts = Array.from({ length: data.columns }, (_, column) => bestCutOf(data, rows, column));
  const best = cuts.reduce((one, other) => (other.impurity < one.impurity ? other : one));
  const isAbove = (row: number): boolean =>
    (data.values[row * data.columns + best.column] as number) > best.above;
  const yes = rows.filter(isAbove);
  const no = rows.filter((row) => !isAbove(row));
  if (yes.length === 0 || no.length === 0) return leaf;
  return {
    kind: 'question',
    column: best.column,
    above: best.above,
    yes: grow(data, yes, depth - 1),
    no: grow(data, no, depth - 1),
  };
}

export function fitTree(data: Dataset, depth: number): Tree {
  return grow(
    data,
    Uint32Array.from({ length: data.rows }, (_, row) => row),
    depth,
  );
}

function shareFor(tree: Tree, row: Float32Array): number {
  if (tree.kind === 'leaf') return tree.fraudShare;
  return shareFor((row[tree.column] as number) > tree.above ? tree.yes : tree.no, row);
}

export function treeScores(tree: Tree, { values, rows, columns }: Dataset): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    shareFor(tree, values.subarray(row * columns, (row + 1) * columns)),
  );
}
