import { createHash } from 'node:crypto';
import { writeLayers } from '#src/scoring/model-files.ts';
import type { ModelFiles } from '#src/scoring/model-files.ts';
import type { ModelManifest } from '#src/scoring/model-manifest.ts';
import type { FeatureList } from '#src/scoring/released-model.ts';
import { randomLayers } from '#test/support/random-layers.ts';
import { seededRandom } from '#test/support/seeded-random.ts';

const feature = {
  transform: 'identity',
  centre: 0,
  scale: 1,
  reference: 0,
} as const;
const profile = { notSentShare: 0, noHistoryShare: 0, histogram: { bounds: [0], shares: [0.5, 0.5] } };

export const SMALL_LIST: FeatureList = {
  names: ['amount', 'device_payments', 'device_cards'],
  groups: ['amount', 'device', 'device'],
  hash: 'a'.repeat(64),
};

/** The files of a model with three features and seeded weights. */
export function smallModel(change: Partial<ModelManifest> = {}): ModelFiles {
  const { topology, weights } = writeLayers(randomLayers([4, 3, 1], seededRandom(5)));
  const calibration = { slope: 1, intercept: -2 };
  const manifest: ModelManifest = {
    format: 1,
    name: 'small',
    version: '1',
    statement: 'Weights drawn at random, for tests.',
    featureHash: SMALL_LIST.hash,
    features: SMALL_LIST.names.map((name) => ({
      ...feature,
      name,
      traffic: { wallet: { ...profile, notSentShare: name === 'amount' ? 0 : 0.08 } },
    })),
    indicators: [{ kind: 'not sent', features: ['device_payments', 'device_cards'], reference: 0 }],
    network: { weightsSha256: createHash('sha256').update(weights).digest('hex'), calibration },
    standIn: { weights: [1, 1, 1, 1], bias: 0, calibration },
    baseRate: 0.01,
    thresholds: { review: 0.1, deny: 0.6, costs: {} },
    seats: ['wallet'],
    training: { command: 'none', seed: 5, rows: 0, frauds: 0, dataHash: 'b'.repeat(64) },
    ...change,
  };
  return { manifest: JSON.stringify(manifest), topology, weights };
}
