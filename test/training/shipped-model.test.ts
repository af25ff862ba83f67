import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readModelFolder } from '#src/adapters/files/read-model-folder.ts';
import { defaultModelFolder } from '#src/default-model.ts';
import { featureList } from '#src/feature-list.ts';
import { openModel } from '#src/open-model.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';

const folder = defaultModelFolder();
const { manifest } = readReleasedModel(await readModelFolder(folder), featureList());

describe('the model that ships', () => {
  test('fits the feature catalogue and stands in the folder of its name and version', () => {
    expect(path.join(manifest.name, manifest.version)).toBe(
      path.relative('models', path.relative('.', folder)),
    );
  });

  test('says first that all of it is simulated, and which seats it serves', () => {
    expect(manifest.statement).toMatch(/simulated/);
    expect(manifest.seats).toEqual(['wallet', 'shop', 'bank']);
  });

  test('is calibrated to a share of fraud that exists', () => {
    expect(manifest.baseRate).toBeGreaterThan(0.0005);
    expect(manifest.baseRate).toBeLessThan(0.01);
  });

  test('opens, scores with its network, and says what speaks for a high score', async () => {
    const fail = (error: unknown): never => {
      throw error;
    };
    const { scorer } = await openModel({ folder, backend: 'wasm' }, 'auto', {
      onFailure: fail,
      onTraffic: fail,
    });
    const largest = Float32Array.from(
      manifest.features,
      ({ traffic }) => traffic['wallet']?.histogram.bounds.at(-1) ?? 0,
    );
    const { probabilities, degraded } = scorer.score(largest, 1);
    expect(degraded).toBe(false);
    expect(probabilities[0]).toBeGreaterThan(0);
    expect(probabilities[0]).toBeLessThan(1);
    expect(scorer.explain(largest, 1)[0]?.length).toBeGreaterThan(0);
  });
});
