import { describe, expect, test } from 'vitest';
import { createFusedNetwork } from '#src/adapters/tfjs/fused-network.ts';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import { NO_HISTORY, NOT_SENT } from '#src/domain/feature-value.ts';
import type { DenseLayer } from '#src/ports/network.ts';
import { createNormaliser } from '#src/scoring/normaliser.ts';
import type { Dataset } from '#training/dataset.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { fitNetwork } from '#training/network/fit-network.ts';
import { fitNormaliser } from '#training/network/fit-normaliser.ts';
import { createRandom } from '#training/random.ts';

const OPTIONS = {
  seed: 3,
  hidden: [16, 8],
  epochsMax: 12,
  patience: 12,
  batchRows: 64,
  learningRate: 1e-2,
  weightDecay: 1e-3,
  fraudWeight: 1,
};

/** Fraud where the signs of two columns agree, which no straight line finds; the third column is noise. */
function twoSigns(rows: number): Dataset {
  const random = createRandom(11);
  const values = Float32Array.from({ length: rows * 3 }, () => random.normal());
  const agrees = (row: number): number => ((values[row * 3] ?? 0) * (values[row * 3 + 1] ?? 0) > 0 ? 1 : 0);
  return {
    columns: 3,
    rows,
    values,
    labels: Float32Array.from({ length: rows }, (_, row) => agrees(row)),
    weights: new Float32Array(rows).fill(1),
  };
}

function precisionOn(data: Dataset): (layers: readonly DenseLayer[]) => number {
  return (layers) => {
    const network = createFusedNetwork(layers);
    const scores = network.infer(data.values, data.rows);
    network.dispose();
    return averagePrecision(scores, data.labels);
  };
}

describe('training a network', () => {
  test('it learns what no straight line can, and the same seed gives the same weights', async () => {
    await startWasmBackend();
    const data = twoSigns(2000);
    const one = fitNetwork(data, OPTIONS, { measure: precisionOn(data) });
    const other = fitNetwork(data, OPTIONS, { measure: precisionOn(data) });
    expect(one.measure).toBeGreaterThan(0.97);
    expect(other.layers).toEqual(one.layers);
  });

  test('it stops when the measure has not risen for as long as it is patient, and keeps the best', async () => {
    await startWasmBackend();
    const measures = [0.1, 0.5, 0.4, 0.3, 0.9];
    const seen: number[] = [];
    const result = fitNetwork(
      twoSigns(64),
      { ...OPTIONS, patience: 2 },
      {
        measure: () => measures[seen.length] ?? 0,
        onEpoch: ({ measure }) => seen.push(measure),
      },
    );
    expect(seen).toEqual([0.1, 0.5, 0.4, 0.3]);
    expect(result.epochs).toBe(2);
  });
});

describe('fitting a normaliser', () => {
  const column = (make: (row: number) => number): Float32Array =>
    Float32Array.from({ length: 1000 }, (_, row) => make(row));
  const wide = column((row) => (row % 10 === 0 ? 10_000 : row % 7));
  const columns = [
    column((row) => (row % 21) - 10),
    wide,
    column(() => 4),
    wide,
    column((row) => (row % 4 === 0 ? NO_HISTORY : row % 5)),
    column((row) => (row % 4 === 0 ? NO_HISTORY : row % 3)),
    column((row) => (row === 0 ? NOT_SENT : row % 3)),
  ];
  const data: Dataset = {
    columns: columns.length,
    rows: 1000,
    values: Float32Array.from(
      { length: 1000 * columns.length },
      (_, at) => columns[at % columns.length]?.[Math.floor(at / columns.length)] ?? 0,
    ),
    labels: new Float32Array(1000),
    weights: new Float32Array(1000).fill(1),
  };
  const tables = fitNormaliser(data, new Set([5]));

  test('skewed columns get a logarithm; constant, repeated and unwanted ones are masked', () => {
    expect(tables.features.map((each) => each.transform)).toEqual([
      'identity',
      'logarithm',
      'masked',
      'masked',
      'identity',
      'masked',
      'identity',
    ]);
  });

  test('a kind of missing that is neither rare nor universal becomes an indicator', () => {
    expect(tables.indicators).toEqual([{ kind: 'no history', features: [4] }]);
  });

  test('columns that always miss together share an indicator', () => {
    expect(fitNormaliser(data).indicators).toEqual([{ kind: 'no history', features: [4, 5] }]);
  });

  test('inputs have a mean of 0 and a deviation of 1', () => {
    const normaliser = createNormaliser(tables);
    const inputs = new Float32Array(1000 * normaliser.inputs);
    normaliser.normalise(data.values, 1000, inputs);
    const first = Array.from({ length: 1000 }, (_, row) => inputs[row * normaliser.inputs] ?? NaN);
    const mean = first.reduce((sum, value) => sum + value, 0) / 1000;
    expect(mean).toBeCloseTo(0, 5);
    expect(first.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 1000).toBeCloseTo(1, 4);
  });
});
