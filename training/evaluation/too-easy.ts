/** Signs that a world is too easy to learn anything from. */
import type { Dataset } from '#training/dataset.ts';
import { fitTree, treeScores } from '#training/evaluation/decision-tree.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { rocAuc } from '#training/metrics/roc-auc.ts';

export interface SignsOfEase {
  /** The feature that alone ranks best, in either direction. */
  readonly strongestFeature: { readonly name: string; readonly auc: number };
  readonly treeAveragePrecision: number;
  readonly networkAveragePrecision: number;
}

/** Above these a world must be mended. */
export const EASE_MAX = { featureAuc: 0.95, treeShare: 0.8, averagePrecision: 0.9 } as const;
const TREE_DEPTH = 3;

function strongest(data: Dataset, names: readonly string[]): SignsOfEase['strongestFeature'] {
  const found = names.map((name, column) => {
    const scores = Float32Array.from(
      { length: data.rows },
      (_, row) => data.values[row * data.columns + column] as number,
    );
    const auc = rocAuc(scores, data.labels);
    return { name, auc: Math.max(auc, 1 - auc) };
  });
  return found.reduce((one, other) => (other.auc > one.auc ? other : one));
}

export interface EaseInput {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly names: readonly string[];
  /** Of the network on the test rows. */
  readonly networkAveragePrecision: number;
}

export function signsOfEase({ train, test, names, networkAveragePrecision }: EaseInput): SignsOfEase {
  const tree = fitTree(train, TREE_DEPTH);
  return {
    strongestFeature: strongest(test, names),
    treeAveragePrecision: averagePrecision(treeScores(tree, test), test.labels, test.weights),
    networkAveragePrecision,
  };
}

/** What is wrong, in words; empty for a world that is hard enough. */
export function complaintsOf(signs: SignsOfEase): readonly string[] {
  const { strongestFeature: feature, treeAveragePrecision: tree, networkAveragePrecision: network } = signs;
  return [
    ...(feature.auc > EASE_MAX.featureAuc
      ? [`${feature.name} alone has an AUC of ${feature.auc.toFixed(3)}`]
      : []),
    ...(tree >= EASE_MAX.treeShare * network
      ? [`a tree of depth ${TREE_DEPTH} reaches ${tree.toFixed(3)}, the network ${network.toFixed(3)}`]
      : []),
    ...(network > EASE_MAX.averagePrecision ? [`an average precision of ${network.toFixed(3)}`] : []),
  ];
}
