import { beforeAll, describe, expect, test } from 'vitest';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import type { Dataset } from '#training/dataset.ts';
import { fitTree } from '#training/difficulty/decision-tree.ts';
import type { Difficulty } from '#training/difficulty/measure-difficulty.ts';
import { streamDifficulty } from '#training/difficulty/stream-difficulty.ts';
import type { DifficultySize } from '#training/difficulty/stream-difficulty.ts';
import { tooEasy } from '#training/difficulty/too-easy.ts';

/** Much denser in fraud than it should be, so that some ten thousand payments hold hundreds of frauds. */
const SMALL: DifficultySize = {
  seat: 'wallet',
  days: 12,
  customers: 500,
  fraudTimes: 50,
  worlds: 3,
  keptShare: 0.5,
};

describe('the small worlds', () => {
  let difficulty: Difficulty;

  beforeAll(async () => {
    await startWasmBackend();
    difficulty = await streamDifficulty(SMALL);
  });

  test('hold enough frauds of enough families to judge them', () => {
    const frauds = Object.values(difficulty.families).map((family) => family.frauds);
    expect(frauds.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(200);
    expect(frauds.length).toBeGreaterThanOrEqual(6);
    expect(difficulty.singles.length).toBeGreaterThan(100);
  });

  test('are not too easy: for a single feature, a tree of three questions, or a network', () => {
    expect(tooEasy(difficulty)).toEqual([]);
  });

  test('are not beyond learning: a network is far better than chance', () => {
    expect(difficulty.networkAveragePrecision).toBeGreaterThan(0.1);
  });
});

describe('a world', () => {
  const hard: Difficulty = {
    singles: [{ feature: 'amount', auc: 0.85 }],
    treeAveragePrecision: 0.3,
    networkAveragePrecision: 0.6,
    families: { device_farm: { frauds: 400, averagePrecision: 0.7 } },
  };

  test('that is hard enough has nothing said against it', () => {
    expect(tooEasy(hard)).toEqual([]);
  });

  test.each<[string, Partial<Difficulty>, string]>([
    ['one feature tells all', { singles: [{ feature: 'amount', auc: 0.97 }] }, 'amount alone has AUC 0.970'],
    [
      'a tree does what a network does',
      { treeAveragePrecision: 0.55 },
      "a tree of depth 3 has 0.550 of the network's 0.600",
    ],
    ['a network makes no errors', { networkAveragePrecision: 0.93 }, 'a network has average precision 0.930'],
    [
      'a family is found without errors',
      { families: { device_farm: { frauds: 400, averagePrecision: 0.95 } } },
      'device_farm has average precision 0.950',
    ],
  ])('in which %s is too easy, and says why', (_, change, reason) => {
    expect(tooEasy({ ...hard, ...change })).toEqual([reason]);
  });
});

describe('a tree of depth two', () => {
  const rows = 400;
  const data: Dataset = {
    columns: 2,
    rows,
    values: Float32Array.from({ length: rows * 2 }, (_, place) =>
      place % 2 === 0 ? (place / 2) % 20 : Math.floor(place / 40),
    ),
    labels: Float32Array.from({ length: rows }, (_, row) =>
      Number(row % 20 >= 10 && Math.floor(row / 20) >= 10),
    ),
    weights: new Float32Array(rows).fill(1),
  };

  test('finds fraud that lies in one corner of two features', () => {
    const tree = fitTree(data, 2);
    const scores = Array.from({ length: rows }, (_, row) => tree(data.values, row));
    expect(scores).toEqual(Array.from(data.labels));
  });

  test('without any depth knows only how much fraud there is', () => {
    expect(fitTree(data, 0)(data.values, 0)).toBeCloseTo(0.25);
  });
});
