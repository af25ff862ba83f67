/** Asks a scorer for many rows that were kept with their vectors, also as if a group of fields had not been sent. */
import { NOT_SENT } from '#src/domain/feature-value.ts';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import type { Scorer } from '#src/ports/scorer.ts';

/** Bounds the memory of one call. */
const ROWS_PER_CALL = 1024;

const NOTHING: ReadonlySet<number> = new Set();

/** `hidden` names columns that are shown as not sent. */
export function scoreRows(
  scorer: Scorer,
  vectors: Float32Array,
  hidden: ReadonlySet<number> = NOTHING,
): Float32Array {
  const rows = vectors.length / FEATURE_COUNT;
  const scores = new Float32Array(rows);
  for (let first = 0; first < rows; first += ROWS_PER_CALL) {
    const count = Math.min(ROWS_PER_CALL, rows - first);
    const some = vectors.slice(first * FEATURE_COUNT, (first + count) * FEATURE_COUNT);
    for (const column of hidden)
      for (let row = 0; row < count; row++) some[row * FEATURE_COUNT + column] = NOT_SENT;
    scores.set(scorer.score(some, count).probabilities.subarray(0, count), first);
  }
  return scores;
}

/** Whether any row has a value in one of the columns. */
export function isSent(vectors: Float32Array, columns: ReadonlySet<number>): boolean {
  for (let row = 0; row < vectors.length; row += FEATURE_COUNT)
    for (const column of columns) if (vectors[row + column] !== NOT_SENT) return true;
  return false;
}
