import { describe, expect, test } from 'vitest';
import type { Dataset } from '#training/dataset.ts';
import { fitTree, treeScores } from '#training/evaluation/decision-tree.ts';
import { complaintsOf, signsOfEase } from '#training/evaluation/too-easy.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { createRandom } from '#training/random.ts';

const NAMES = ['one', 'other', 'noise'];

/** A tenth is fraud, where both of two columns are high; `shift` moves its first column further. */
function drawn(seed: number, shift = 0): Dataset {
  const random = createRandom(seed);
  const rows = 3000;
  const values = Float32Array.from({ length: rows * 3 }, () => random.normal());
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (random.uniform() > 0.1) continue;
    labels[row] = 1;
    values[row * 3] = Math.abs(values[row * 3] ?? 0) + 0.5 + shift;
    values[row * 3 + 1] = Math.abs(values[row * 3 + 1] ?? 0) + 0.5;
  }
  return { columns: 3, rows, values, labels, weights: new Float32Array(rows).fill(1) };
}

describe('a tree', () => {
  test('finds what two questions tell and leaves noise alone', () => {
    const tree = fitTree(drawn(1), 3);
    const test = drawn(2);
    expect(averagePrecision(treeScores(tree, test), test.labels)).toBeGreaterThan(0.25);
    expect(JSON.stringify(fitTree(drawn(1), 2))).not.toContain('"column":2');
  });

  test('of depth 0 says the share of fraud', () => {
    const data = drawn(1);
    const share = data.labels.reduce((sum, label) => sum + label, 0) / data.rows;
    const tree = fitTree(data, 0);
    expect(tree.kind).toBe('leaf');
    expect(treeScores(tree, data)[0]).toBeCloseTo(share, 10);
  });
});

describe('signs of ease', () => {
  test('a column that gives fraud away is named', () => {
    const signs = signsOfEase({
      train: drawn(1, 5),
      test: drawn(2, 5),
      names: NAMES,
      networkAveragePrecision: 0.95,
    });
    expect(signs.strongestFeature.name).toBe('one');
    expect(complaintsOf(signs)).toHaveLength(3);
  });

  test('a world in which a network is well above a tree and no column tells much is not complained of', () => {
    const signs = signsOfEase({
      train: drawn(1),
      test: drawn(2),
      names: NAMES,
      networkAveragePrecision: 0.85,
    });
    expect(complaintsOf(signs)).toEqual([]);
  });
});
