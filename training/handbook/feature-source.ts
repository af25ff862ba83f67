/** Something that turns a stream of transactions into feature values, each from what was known before. */

export interface Transaction {
  readonly second: number;
  readonly card: number;
  readonly terminal: number;
  readonly amountMinor: number;
}

export interface FeatureSource {
  readonly names: readonly string[];
  /**
   * Writes this source's values to `out` from `at` on, then remembers the transaction. `isFraud` is
   * its label, which a source may use only for transactions that are at least the label delay later.
   */
  observe(
    transaction: Transaction,
    isFraud: boolean,
    to: { readonly out: Float32Array; readonly at: number },
  ): void;
}
