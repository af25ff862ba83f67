/**
 * Keeps payments as rows to learn from: every fraud, and a seeded share of the honest ones, each of
 * which then counts for those that were left out.
 */
import { selectRows } from '#training/dataset.ts';
import type { Dataset } from '#training/dataset.ts';
import { createRandom } from '#training/random.ts';

export interface CollectedRows {
  readonly data: Dataset;
  /** Arrival of each row, milliseconds since 1970, never falling. */
  readonly times: Float64Array;
}

export interface CollectorOptions {
  readonly columns: number;
  /** The share of honest payments that is kept. */
  readonly honestShare: number;
  readonly seed: number;
}

export class RowCollector {
  readonly #options: CollectorOptions;
  readonly #random;
  readonly #times: number[] = [];
  readonly #labels: number[] = [];
  #values: Float32Array;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.#values = new Float32Array(1024 * options.columns);
  }

  /** Says whether the row was kept. */
  add(vector: Float32Array, isFraud: boolean, time: number): boolean {
    const isKept = this.#random.uniform() < this.#options.honestShare;
    if (!isFraud && !isKept) return false;
    const { columns } = this.#options;
    const at = this.#labels.length * columns;
    if (at + columns > this.#values.length) this.#grow();
    this.#values.set(vector, at);
    this.#labels.push(isFraud ? 1 : 0);
    this.#times.push(time);
    return true;
  }

  rows(): CollectedRows {
    const { columns, honestShare } = this.#options;
    const labels = Float32Array.from(this.#labels);
    return {
      data: {
        columns,
        rows: labels.length,
        values: this.#values.subarray(0, labels.length * columns),
        labels,
        weights: labels.map((label) => (label === 1 ? 1 : 1 / honestShare)),
      },
      times: Float64Array.from(this.#times),
    };
  }

  #grow(): void {
    const larger = new Float32Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }
}

/** The rows with a time from `from` on and before `to`. */
export function rowsBetween({ data, times }: CollectedRows, from: number, to: number): Dataset {
  const places = Array.from(times.keys()).filter(
    (row) => (times[row] as number) >= from && (times[row] as number) < to,
  );
  return selectRows(data, places);
}
