/**
 * Keeps payments as rows to learn from: every one of a rare kind, and a seeded share of the others,
 * each of which then counts for those that were left out. What a payment turned out to be is told
 * later, by its id.
 */
import { selectRows } from '#training/dataset.ts';
import type { Dataset } from '#training/dataset.ts';
import { createRandom } from '#training/random.ts';
import { FAMILIES } from '#training/world/parameters.ts';
import type { Family } from '#training/world/parameters.ts';

export interface CollectedRows {
  readonly data: Dataset;
  /** Arrival of each row, milliseconds since 1970. */
  readonly times: Float64Array;
  /** Whose campaign is behind each row, as a place in `FAMILIES` from 1 on; 0 is none. Nothing is fitted to it: it says what to leave out. */
  readonly families: Uint8Array;
}

export interface CollectorOptions {
  readonly columns: number;
  /** The share of common payments that is kept. */
  readonly keptShare: number;
  readonly seed: number;
}

export interface CollectedPayment {
  readonly id: string;
  readonly vector: Float32Array;
  readonly at: number;
  /** Kept for certain. */
  readonly isRare: boolean;
  /** How many payments it stands for, before sampling. */
  readonly weight: number;
  readonly family: Family | null;
}

/** 0 for none. */
export function familyNumber(family: Family | null): number {
  return family === null ? 0 : FAMILIES.indexOf(family) + 1;
}

export class RowCollector {
  readonly #options: CollectorOptions;
  readonly #random;
  readonly #placeOf = new Map<string, number>();
  readonly #times: number[] = [];
  readonly #labels: number[] = [];
  readonly #families: number[] = [];
  readonly #weights: number[] = [];
  #values: Float32Array;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#random = createRandom(options.seed);
    this.#values = new Float32Array(1024 * options.columns);
  }

  /** A row starts as honest. */
  add({ id, vector, at, isRare, weight, family }: CollectedPayment): void {
    const { columns, keptShare } = this.#options;
    const isDrawn = this.#random.uniform() < keptShare;
    if (!isRare && !isDrawn) return;
    const row = this.#times.length;
    if ((row + 1) * columns > this.#values.length) this.#grow();
    this.#values.set(vector, row * columns);
    this.#placeOf.set(id, row);
    this.#times.push(at);
    this.#labels.push(0);
    this.#families.push(familyNumber(family));
    this.#weights.push(isRare ? weight : weight / keptShare);
  }

  /** The last word counts; a payment that was not kept is not labelled. */
  label(id: string, isFraud: boolean): void {
    const row = this.#placeOf.get(id);
    if (row !== undefined) this.#labels[row] = isFraud ? 1 : 0;
  }

  rows(): CollectedRows {
    const { columns } = this.#options;
    const rows = this.#times.length;
    return {
      data: {
        columns,
        rows,
        values: this.#values.subarray(0, rows * columns),
        labels: Float32Array.from(this.#labels),
        weights: Float32Array.from(this.#weights),
      },
      times: Float64Array.from(this.#times),
      families: Uint8Array.from(this.#families),
    };
  }

  #grow(): void {
    const larger = new Float32Array(this.#values.length * 2);
    larger.set(this.#values);
    this.#values = larger;
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function joinData(parts: readonly Dataset[]): Dataset {
  return {
    columns: parts[0]?.columns ?? 0,
    rows: parts.reduce((rows, part) => rows + part.rows, 0),
    values: joined(parts.map(({ values }) => values)),
    labels: joined(parts.map(({ labels }) => labels)),
    weights: joined(parts.map(({ weights }) => weights)),
  };
}

/** The rows of several runs, one run after the other. */
export function joinRows(runs: readonly CollectedRows[]): CollectedRows {
  return {
    times: Float64Array.from(runs.flatMap(({ times }) => [...times])),
    families: Uint8Array.from(runs.flatMap(({ families }) => [...families])),
    data: joinData(runs.map(({ data }) => data)),
  };
}

/** The rows that no campaign of the family is behind. */
export function rowsWithout({ data, times, families }: CollectedRows, family: Family): CollectedRows {
  const number = familyNumber(family);
  const places = Array.from(families.keys()).filter((row) => families[row] !== number);
  return {
    times: Float64Array.from(places, (row) => times[row] as number),
    families: Uint8Array.from(places, (row) => families[row] as number),
    data: selectRows(data, places),
  };
}

/** The rows with a time from `from` on and before `to`. */
export function rowsBetween({ data, times }: CollectedRows, from: number, to: number): Dataset {
  const places = Array.from(times.keys()).filter(
    (row) => (times[row] as number) >= from && (times[row] as number) < to,
  );
  return selectRows(data, places);
}
