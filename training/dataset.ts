/** Rows to learn from or to measure on. */
export interface Dataset {
  readonly columns: number;
  readonly rows: number;
  /** Row-major, `rows` × `columns`. */
  readonly values: Float32Array;
  /** 1 for fraud, 0 otherwise. */
  readonly labels: Float32Array;
  /** How much each row counts: above 1 for rows that stand for others that were left out. */
  readonly weights: Float32Array;
}

/** The rows at the given places, in that order. */
export function selectRows(dataset: Dataset, places: ArrayLike<number>): Dataset {
  const { columns } = dataset;
  const values = new Float32Array(places.length * columns);
  const labels = new Float32Array(places.length);
  const weights = new Float32Array(places.length);
  for (let row = 0; row < places.length; row++) {
    const place = places[row] as number;
    values.set(dataset.values.subarray(place * columns, (place + 1) * columns), row * columns);
    labels[row] = dataset.labels[place] as number;
    weights[row] = dataset.weights[place] as number;
  }
  return { columns, rows: places.length, values, labels, weights };
}
