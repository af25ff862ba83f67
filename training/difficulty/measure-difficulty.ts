/**
 * Says how hard a world is: what single features, a tiny tree and a network reach when all learn from
 * the truth of some worlds and are measured on another. A world in which little suffices is a toy. The
 * network must be a fair one, or a tree looks good beside it: what it can learn grows with the number
 * of campaigns, and only a world that it has not learnt from may say when it has learnt enough.
 */
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { createNormaliser } from '#src/scoring/normaliser.ts';
import type { Dataset } from '#training/dataset.ts';
import { selectRows } from '#training/dataset.ts';
import { fitTree } from '#training/difficulty/decision-tree.ts';
import type { TrueRows } from '#training/difficulty/true-rows.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { rocAuc } from '#training/metrics/roc-auc.ts';
import { fitNetwork } from '#training/network/fit-network.ts';
import type { FitOptions } from '#training/network/fit-network.ts';
import { fitNormaliser } from '#training/network/fit-normaliser.ts';
import { inferRows } from '#training/network/infer-rows.ts';

export interface Difficulty {
  /** The strongest features alone, best first; an AUC below a half counts from the other side. */
  readonly singles: readonly { readonly feature: string; readonly auc: number }[];
  readonly treeAveragePrecision: number;
  readonly networkAveragePrecision: number;
  /** The network's, of each family among all honest payments. */
  readonly families: Readonly<Record<string, { readonly frauds: number; readonly averagePrecision: number }>>;
}

const TREE_DEPTH = 3;
const FIT: FitOptions = {
  seed: 1,
  hidden: [48, 24],
  epochsMax: 16,
  patience: 5,
  batchRows: 512,
  learningRate: 1.5e-3,
  weightDecay: 2e-2,
  fraudWeight: 24,
};

export interface LearntRows {
  /** Learnt from. */
  readonly learn: Dataset;
  /** Of another world: says when the network has learnt enough. */
  readonly stop: Dataset;
}

/** The backend must have been started. */
export function measureDifficulty(learnt: LearntRows, measured: TrueRows): Difficulty {
  const { data, families } = measured;
  const tree = fitTree(learnt.learn, TREE_DEPTH);
  const treeScores = Float32Array.from({ length: data.rows }, (_, row) => tree(data.values, row));
  const networkScores = networkScoresOf(learnt, data);
  return {
    singles: singleFeatures(data),
    treeAveragePrecision: averagePrecision(treeScores, data.labels, data.weights),
    networkAveragePrecision: averagePrecision(networkScores, data.labels, data.weights),
    families: byFamily(networkScores, data, families),
  };
}

function singleFeatures(data: Dataset): Difficulty['singles'] {
  const column = new Float32Array(data.rows);
  return FEATURES.map(({ name }, feature) => {
    for (let row = 0; row < data.rows; row++)
      column[row] = data.values[row * data.columns + feature] as number;
    const auc = rocAuc(column, data.labels);
    return { feature: name, auc: Math.max(auc, 1 - auc) };
  }).toSorted((one, other) => other.auc - one.auc);
}

function networkScoresOf({ learn, stop }: LearntRows, measured: Dataset): Float32Array {
  const normaliser = createNormaliser(fitNormaliser(learn));
  const inputsOf = (data: Dataset): Dataset => {
    const values = new Float32Array(data.rows * normaliser.inputs);
    normaliser.normalise(data.values, data.rows, values);
    return { ...data, columns: normaliser.inputs, values };
  };
  const validation = inputsOf(stop);
  const { layers } = fitNetwork(inputsOf(learn), FIT, {
    measure: (fitted) =>
      averagePrecision(inferRows(fitted, validation), validation.labels, validation.weights),
  });
  return inferRows(layers, inputsOf(measured));
}

function byFamily(
  scores: Float32Array,
  data: Dataset,
  families: readonly (string | null)[],
): Difficulty['families'] {
  const names = [...new Set(families)].filter((family) => family !== null).toSorted();
  const rows = Array.from({ length: data.rows }, (_, row) => row);
  return Object.fromEntries(
    names.map((name) => {
      const places = rows.filter((row) => families[row] === null || families[row] === name);
      const some = selectRows(data, places);
      const own = Float32Array.from(places, (row) => scores[row] as number);
      const frauds = families.filter((family) => family === name).length;
      return [name, { frauds, averagePrecision: averagePrecision(own, some.labels, some.weights) }];
    }),
  );
}
