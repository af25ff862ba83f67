/**
 * Trains on a fold's training rows and measures on its test rows: a small ensemble of networks whose
 * log-odds are averaged. The settings were chosen on the four folds before the published ones.
 */
import { createNormaliser } from '#src/scoring/normaliser.ts';
import type { Dataset } from '#training/dataset.ts';
import type { Fold } from '#training/handbook/protocol.ts';
import type { FeatureMatrix } from '#training/handbook/stream-features.ts';
import { DAY_SECONDS } from '#training/handbook/transactions.ts';
import type { Transactions } from '#training/handbook/transactions.ts';
import { cardPrecision } from '#training/metrics/card-precision.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { rocAuc } from '#training/metrics/roc-auc.ts';
import { fitNetwork } from '#training/network/fit-network.ts';
import type { FitOptions } from '#training/network/fit-network.ts';
import { inferRows } from '#training/network/infer-rows.ts';
import { fitNormaliser } from '#training/network/fit-normaliser.ts';
import { createRandom } from '#training/random.ts';

export interface FoldSettings extends Omit<FitOptions, 'seed'> {
  readonly historyDays: number;
  readonly members: number;
  /** The share of honest training rows that is kept; those kept count for the others. */
  readonly honestShare: number;
}

/** Chosen on the folds that start on 2018-07-11, 07-04, 06-27 and 06-20. */
export const FOLD_SETTINGS: FoldSettings = {
  historyDays: 60,
  members: 3,
  honestShare: 0.5,
  hidden: [64, 32],
  epochsMax: 8,
  patience: 8,
  batchRows: 512,
  learningRate: 2e-3,
  weightDecay: 1e-2,
  fraudWeight: 1,
};

export interface FoldResult {
  readonly trainStart: string;
  readonly auc: number;
  readonly ap: number;
  readonly cp100: number;
  readonly testTransactions: number;
  readonly testFrauds: number;
}

const CARDS_A_DAY = 100;

/** A stream and the features of each of its transactions. */
export interface FeatureStream {
  readonly transactions: Transactions;
  readonly matrix: FeatureMatrix;
}

function rowsOf(
  { transactions, matrix }: FeatureStream,
  rows: ArrayLike<number>,
  honestShare: number,
): Dataset {
  const random = createRandom(1);
  const kept = Array.from(rows).filter(
    (row) => transactions.frauds[row] === 1 || random.uniform() < honestShare,
  );
  const columns = matrix.names.length;
  const values = new Float32Array(kept.length * columns);
  kept.forEach((row, place) =>
    values.set(matrix.values.subarray(row * columns, (row + 1) * columns), place * columns),
  );
  return {
    columns,
    rows: kept.length,
    values,
    labels: Float32Array.from(kept, (row) => transactions.frauds[row] as number),
    weights: Float32Array.from(kept, (row) => (transactions.frauds[row] === 1 ? 1 : 1 / honestShare)),
  };
}

function ensembleScores(train: Dataset, test: Dataset, settings: FoldSettings): Float32Array {
  const sum = new Float32Array(test.rows);
  for (let seed = 1; seed <= settings.members; seed++) {
    let epoch = 0;
    const { layers } = fitNetwork(train, { ...settings, seed }, { measure: () => (epoch += 1) });
    inferRows(layers, test).forEach((logOdds, row) => {
      sum[row] = (sum[row] as number) + logOdds;
    });
  }
  return sum;
}

/** The backend must have been started. */
export function evaluateFold(source: FeatureStream, fold: Fold, settings: FoldSettings): FoldResult {
  const { transactions } = source;
  const train = rowsOf(source, fold.trainRows, settings.honestShare);
  const test = rowsOf(source, fold.testRows, 1);
  const normaliser = createNormaliser(fitNormaliser(train));
  const inputs = (data: Dataset): Dataset => {
    const values = new Float32Array(data.rows * normaliser.inputs);
    normaliser.normalise(data.values, data.rows, values);
    return { ...data, columns: normaliser.inputs, values };
  };
  const scores = ensembleScores(inputs(train), inputs(test), settings);
  const days = Array.from(fold.testRows, (row) =>
    Math.floor((transactions.seconds[row] as number) / DAY_SECONDS),
  );
  const cards = Array.from(fold.testRows, (row) => transactions.cards[row] as number);
  return {
    trainStart: fold.trainStart,
    auc: rocAuc(scores, test.labels),
    ap: averagePrecision(scores, test.labels),
    cp100: cardPrecision({ days, cards, labels: test.labels, scores }, CARDS_A_DAY),
    testTransactions: test.rows,
    testFrauds: test.labels.reduce((sum, label) => sum + label, 0),
  };
}
