/** Runs transactions through feature sources, in order, into one matrix. */
import type { FeatureSource } from '#training/handbook/feature-source.ts';
import type { Transactions } from '#training/handbook/transactions.ts';

export interface FeatureMatrix {
  readonly names: readonly string[];
  /** Row-major, one row for each transaction. */
  readonly values: Float32Array;
}

export function streamFeatures(
  transactions: Transactions,
  sources: readonly FeatureSource[],
  onRow?: (row: number) => void,
): FeatureMatrix {
  const names = sources.flatMap((source) => source.names);
  const values = new Float32Array(transactions.rows * names.length);
  for (let row = 0; row < transactions.rows; row++) {
    const transaction = {
      second: transactions.seconds[row] as number,
      card: transactions.cards[row] as number,
      terminal: transactions.terminals[row] as number,
      amountMinor: transactions.amountsMinor[row] as number,
    };
    let at = row * names.length;
    for (const source of sources) {
      source.observe(transaction, transactions.frauds[row] === 1, { out: values, at });
      at += source.names.length;
    }
    onRow?.(row);
  }
  return { names, values };
}
