/** The whole published protocol on one file: read, stream the features, train and measure each fold. */
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import { createAmountRisk } from '#training/handbook/amount-risk.ts';
import { createCardHabits } from '#training/handbook/card-habits.ts';
import { evaluateFold, FOLD_SETTINGS } from '#training/handbook/evaluate-fold.ts';
import type { FoldResult } from '#training/handbook/evaluate-fold.ts';
import type { FeatureSource } from '#training/handbook/feature-source.ts';
import { findSplitLeaks } from '#training/handbook/find-split-leaks.ts';
import { createFold, FoldError, LABEL_DELAY_DAYS } from '#training/handbook/protocol.ts';
import { createProductFeatures } from '#training/handbook/product-features.ts';
import type { Fold } from '#training/handbook/protocol.ts';
import { createPublishedFeatures } from '#training/handbook/published-features.ts';
import { streamFeatures } from '#training/handbook/stream-features.ts';
import { createTerminalRecord } from '#training/handbook/terminal-record.ts';
import { DAY_SECONDS, readTransactions } from '#training/handbook/transactions.ts';
import type { Transactions } from '#training/handbook/transactions.ts';

export interface ProtocolResult {
  readonly folds: readonly FoldResult[];
  readonly mean: { readonly auc: number; readonly ap: number; readonly cp100: number };
}

/** Everything that the protocol's models see of a transaction. */
export function protocolFeatures(labelDelaySeconds: number): readonly FeatureSource[] {
  return [
    createProductFeatures(labelDelaySeconds),
    createPublishedFeatures(labelDelaySeconds),
    createCardHabits(),
    createTerminalRecord(labelDelaySeconds),
    createAmountRisk(labelDelaySeconds),
  ];
}

/** What scores better than this has seen labels before they were known. */
const LEAK = { auc: 0.91, ap: 0.79, cp100: 0.33 };

/** The measures of a mean that are too good to be true. */
export function suspectMeasures(mean: ProtocolResult['mean']): readonly string[] {
  return (['auc', 'ap', 'cp100'] as const).filter((measure) => mean[measure] > LEAK[measure]);
}

/** Throws `FoldError` when there is nothing to measure, or when the fold leaks. */
function soundFold(transactions: Transactions, trainStart: string): Fold {
  const fold = createFold(transactions, trainStart, FOLD_SETTINGS.historyDays);
  const leaks = findSplitLeaks(transactions, fold);
  if (leaks.length > 0) throw new FoldError(`the fold of ${trainStart} leaks: ${leaks.join(', ')}`);
  return fold;
}

export async function runProtocol(
  file: string,
  trainStarts: readonly string[],
  onStep: (text: string) => void,
): Promise<ProtocolResult> {
  const started = Date.now();
  const say = (text: string): void => onStep(`${((Date.now() - started) / 1000).toFixed(0)} s  ${text}`);
  await startWasmBackend();
  const transactions = await readTransactions(file);
  say(`${transactions.rows} transactions read`);
  const folds = trainStarts.map((trainStart) => soundFold(transactions, trainStart));
  const delay = LABEL_DELAY_DAYS * DAY_SECONDS;
  const matrix = streamFeatures(transactions, protocolFeatures(delay));
  say(`${matrix.names.length} features streamed`);
  const results = folds.map((fold, place) => {
    const result = evaluateFold({ transactions, matrix }, fold, FOLD_SETTINGS);
    say(
      `fold ${place + 1} of ${trainStarts.length} (${fold.trainStart}): AUC ${result.auc.toFixed(3)}, AP ${result.ap.toFixed(3)}, CP@100 ${result.cp100.toFixed(3)}`,
    );
    return result;
  });
  const mean = (measure: 'auc' | 'ap' | 'cp100'): number =>
    results.reduce((sum, fold) => sum + fold[measure], 0) / results.length;
  return { folds: results, mean: { auc: mean('auc'), ap: mean('ap'), cp100: mean('cp100') } };
}
