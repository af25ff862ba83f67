/**
 * Measures a scorer on rows that were kept with their vectors, against what was observed of them: also
 * what is lost when a field is not sent.
 */
import { NOT_SENT } from '#src/domain/feature-value.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import type { Dataset } from '#training/dataset.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { optionalFields } from '#training/train/optional-fields.ts';

/** Bounds the memory of one call. */
const ROWS_PER_CALL = 1024;

function scoreRows(scorer: Scorer, { values, rows, columns }: Dataset): Float32Array {
  const scores = new Float32Array(rows);
  for (let first = 0; first < rows; first += ROWS_PER_CALL) {
    const count = Math.min(ROWS_PER_CALL, rows - first);
    scores.set(scorer.score(values.subarray(first * columns), count).probabilities.subarray(0, count), first);
  }
  return scores;
}

function precisionOf(scorer: Scorer, data: Dataset): number {
  return averagePrecision(scoreRows(scorer, data), data.labels, data.weights);
}

function withoutColumns(data: Dataset, isHidden: (column: number) => boolean): Dataset {
  const values = data.values.map((value, at) => (isHidden(at % data.columns) ? NOT_SENT : value));
  return { ...data, values };
}

export interface RowMeasures {
  readonly averagePrecision: number;
  /** Average precision when what the field's features are made of is not sent. */
  readonly without: Readonly<Record<string, number>>;
}

export function measureRows(scorer: Scorer, test: Dataset): RowMeasures {
  const precision = precisionOf(scorer, test);
  const without = optionalFields().map(({ name, features }) => {
    const hidden = withoutColumns(test, (column) => features.has(column));
    return [name, precisionOf(scorer, hidden)] as const;
  });
  return {
    averagePrecision: precision,
    without: Object.fromEntries(without),
  };
}
