/**
 * Finds features that know a label before it can be known: every label that is still unknown at the
 * end of a stream is turned over, and no feature of the last transaction may notice.
 */
import type { FeatureSource } from '#training/handbook/feature-source.ts';
import { streamFeatures } from '#training/handbook/stream-features.ts';
import type { Transactions } from '#training/handbook/transactions.ts';

/** The names of the features of the last transaction that depend on labels younger than the delay. */
export function findLeaks(
  transactions: Transactions,
  labelDelaySeconds: number,
  openSources: () => readonly FeatureSource[],
): readonly string[] {
  const end = transactions.seconds[transactions.rows - 1] as number;
  const isUnknown = (row: number): boolean => (transactions.seconds[row] as number) > end - labelDelaySeconds;
  const turned = transactions.frauds.map((fraud, row) => (isUnknown(row) ? 1 - fraud : fraud));
  const { names, values } = streamFeatures(transactions, openSources());
  const other = streamFeatures({ ...transactions, frauds: turned }, openSources()).values;
  const last = (transactions.rows - 1) * names.length;
  return names.filter((_, at) => values[last + at] !== other[last + at]);
}
