import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readModelFolder } from '#src/adapters/files/read-model-folder.ts';
import { openWasmNetwork } from '#src/adapters/tfjs/open-wasm-network.ts';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import { NOT_SENT } from '#src/domain/feature-value.ts';
import { openScorer } from '#src/scoring/open-scorer.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';
import type { Dataset } from '#training/dataset.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { buildModel } from '#training/publish/build-model.ts';
import { writeModel } from '#training/publish/write-model.ts';
import { createRandom } from '#training/random.ts';

const LIST = {
  names: ['amount', 'device_cards', 'unused'],
  groups: ['amount', 'device', 'unused'],
  hash: 'd'.repeat(64),
};
const FIT = {
  seed: 1,
  hidden: [8],
  epochsMax: 5,
  patience: 5,
  batchRows: 128,
  learningRate: 1e-2,
  weightDecay: 1e-3,
  fraudWeight: 1,
};
const ABOUT = {
  name: 'test',
  version: '1',
  statement: 'Drawn at random.',
  command: 'none',
  thresholds: { review: 0.1, deny: 0.5, costs: {} },
};

/** Fraud in about a tenth, likelier with large amounts and many cards on the device. */
function drawn(seed: number): Dataset {
  const random = createRandom(seed);
  const rows = 3000;
  const values = new Float32Array(rows * 3);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    labels[row] = random.uniform() < 0.1 ? 1 : 0;
    const isFraud = labels[row] === 1;
    const cards = random.uniform() < 0.2 ? NOT_SENT : Math.floor(random.uniform() * (isFraud ? 9 : 2));
    values.set([Math.exp(random.normal() + (isFraud ? 7 : 5)), cards, 7], row * 3);
  }
  return { columns: 3, rows, values, labels, weights: new Float32Array(rows).fill(1) };
}

const folder = mkdtempSync(path.join(tmpdir(), 'vouch-model-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('building a model', () => {
  const train = drawn(1);
  const data = { train, validation: drawn(2), calibration: drawn(3), traffic: { wallet: train } };
  const build = async () => {
    await startWasmBackend();
    return buildModel(data, { list: LIST, fields: [new Set([1])], fit: FIT, about: ABOUT });
  };

  test('the same rows and options give the same files', async () => {
    expect(await build()).toEqual(await build());
  });

  test('a written model is read, opened, and scores what it was trained for, calibrated', async () => {
    await writeModel(folder, await build());
    const model = readReleasedModel(await readModelFolder(folder), LIST);
    const fail = (error: unknown) => {
      throw error;
    };
    const scorer = await openScorer(model, { list: LIST, openNetwork: openWasmNetwork, onFailure: fail });
    const fresh = drawn(4);
    const { probabilities } = scorer.score(fresh.values, fresh.rows);
    expect(averagePrecision(probabilities, fresh.labels)).toBeGreaterThan(0.7);
    const mean = probabilities.reduce((sum, each) => sum + each, 0) / fresh.rows;
    expect(mean).toBeGreaterThan(0.08);
    expect(mean).toBeLessThan(0.12);
  });

  test('the manifest says what the training traffic was like', async () => {
    const { manifest } = readReleasedModel(await build(), LIST);
    const [amount, cards, unused] = manifest.features;
    expect(amount?.transform).toBe('logarithm');
    expect(cards?.traffic['wallet']?.notSentShare).toBeCloseTo(0.2, 1);
    expect(unused?.transform).toBe('masked');
    const shares = amount?.traffic['wallet']?.histogram.shares ?? [];
    expect(shares.map((share) => Math.round(share * 10))).toEqual(Array.from({ length: 10 }, () => 1));
    expect(manifest.seats).toEqual(['wallet']);
    expect(manifest.indicators).toEqual([{ kind: 'not sent', features: ['device_cards'], reference: 0 }]);
  });

  test('the stand-in alone ranks frauds first as well', async () => {
    const model = readReleasedModel(await build(), LIST);
    const openNetwork = () => Promise.reject(new Error('no backend'));
    const scorer = await openScorer(model, { list: LIST, openNetwork, onFailure: () => undefined });
    const fresh = drawn(4);
    const { probabilities, degraded } = scorer.score(fresh.values, fresh.rows);
    expect(degraded).toBe(true);
    expect(averagePrecision(probabilities, fresh.labels)).toBeGreaterThan(0.5);
  });
});
