/** What training says of a feature beside how it enters the network: how often it is there, and how its values lie. */
import { isMissing, NO_HISTORY, NOT_SENT } from '#src/domain/feature-value.ts';
import type { Dataset } from '#training/dataset.ts';

const BINS = 10;

export interface FeatureProfile {
  readonly notSentShare: number;
  readonly noHistoryShare: number;
  readonly histogram: { readonly bounds: number[]; readonly shares: number[] };
}

/** Six digits are more than the sample is worth, and keep the manifest readable. */
function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** Distinct bounds between bins of about equal size; few where many values are the same. */
function binBounds(sorted: Float32Array): number[] {
  const bounds = Array.from(
    { length: BINS - 1 },
    (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / BINS)] ?? 0,
  );
  return [...new Set(bounds)];
}

function histogramOf(values: Float32Array): FeatureProfile['histogram'] {
  if (values.length === 0) return { bounds: [], shares: [] };
  const bounds = binBounds(values.toSorted());
  const counts = Array.from({ length: bounds.length + 1 }, () => 0);
  for (const value of values) {
    const above = bounds.findLastIndex((bound) => value >= bound);
    counts[above + 1] = (counts[above + 1] ?? 0) + 1;
  }
  return { bounds, shares: counts.map((count) => rounded(count / values.length)) };
}

export function profileFeature(data: Dataset, feature: number): FeatureProfile {
  const column = Float32Array.from(
    { length: data.rows },
    (_, row) => data.values[row * data.columns + feature] as number,
  );
  const shareOf = (kind: number): number =>
    rounded(column.filter((value) => value === kind).length / Math.max(1, data.rows));
  return {
    notSentShare: shareOf(NOT_SENT),
    noHistoryShare: shareOf(NO_HISTORY),
    histogram: histogramOf(column.filter((value) => !isMissing(value))),
  };
}
