import { beforeAll, describe, expect, test } from 'vitest';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import type { Dataset } from '#training/dataset.ts';
import { fitTree } from '#training/difficulty/decision-tree.ts';
import { measureDifficulty } from '#training/difficulty/measure-difficulty.ts';
import type { Difficulty } from '#training/difficulty/measure-difficulty.ts';
import { tooEasy } from '#training/difficulty/too-easy.ts';
import { trueRows } from '#training/difficulty/true-rows.ts';
import type { TrueRows } from '#training/difficulty/true-rows.ts';
import { EVALUATION, TRAINING } from '#training/world/parameter-sets.ts';
import type { WorldParameters } from '#training/world/parameters.ts';

/** Much denser in fraud than it should be, so that a few thousand payments hold hundreds of frauds. */
const FRAUD_TIMES = 40;

function smallRows(set: WorldParameters, seed: number): Promise<TrueRows> {
  const fraud = { ...set.fraud, share: set.fraud.share * FRAUD_TIMES };
  const parameters = { ...set, days: 12, people: { ...set.people, count: 400 }, fraud };
  return trueRows({ parameters, seed, fraudTimes: FRAUD_TIMES, keptShare: 0.5 });
}

describe('the small worlds', () => {
  let difficulty: Difficulty;
  let measured: TrueRows;

  beforeAll(async () => {
    await startWasmBackend();
    const learnt = await smallRows(TRAINING, 1);
    measured = await smallRows(EVALUATION, 2);
    difficulty = measureDifficulty(learnt, measured);
  }, 120_000);

  test('hold enough frauds of enough families to judge them', () => {
    expect(measured.families.filter((family) => family !== null).length).toBeGreaterThan(100);
    expect(Object.keys(difficulty.families).length).toBeGreaterThanOrEqual(5);
  });

  test('have no single feature that tells all fraud', () => {
    expect(difficulty.singles[0]?.auc).toBeLessThan(0.95);
    expect(difficulty.singles.length).toBeGreaterThan(100);
  });

  test('leave neither a network nor a small tree without errors', () => {
    expect(difficulty.networkAveragePrecision).toBeLessThan(0.9);
    expect(difficulty.treeAveragePrecision).toBeLessThan(0.9);
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
