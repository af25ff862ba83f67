import { describe, expect, test } from 'vitest';
import { openWasmNetwork } from '#src/adapters/tfjs/open-wasm-network.ts';
import { openScorer } from '#src/scoring/open-scorer.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';
import { SMALL_LIST, smallModel } from '#test/support/small-model.ts';

const model = readReleasedModel(smallModel(), SMALL_LIST);
const refuseFailure = (error: unknown): never => {
  throw error;
};
const vectors = Float32Array.from([1, 2, 3, -1, 0, 1]);

describe('opening a scorer', () => {
  test('a model that opens scores on its network', async () => {
    const scorer = await openScorer(model, {
      list: SMALL_LIST,
      openNetwork: openWasmNetwork,
      onFailure: refuseFailure,
    });
    const { probabilities, degraded } = scorer.score(vectors, 2);
    expect(degraded).toBe(false);
    expect([...probabilities].every((each) => each > 0 && each < 1)).toBe(true);
  });

  test('a network that cannot be opened leaves the stand-in, degraded', async () => {
    const failures: unknown[] = [];
    const openNetwork = () => Promise.reject(new Error('no backend'));
    const scorer = await openScorer(model, {
      list: SMALL_LIST,
      openNetwork,
      onFailure: (error) => failures.push(error),
    });
    expect(scorer.score(vectors, 2).degraded).toBe(true);
    expect(failures).toHaveLength(1);
  });

  test('a lower base rate lowers every probability and keeps their order', async () => {
    const options = { list: SMALL_LIST, openNetwork: openWasmNetwork, onFailure: refuseFailure };
    const trained = (await openScorer(model, options)).score(vectors, 2).probabilities;
    const rarer = (await openScorer(model, { ...options, baseRate: 0.001 })).score(vectors, 2).probabilities;
    trained.forEach((probability, row) => expect(rarer[row]).toBeLessThan(probability));
    expect((trained[0] ?? 0) > (trained[1] ?? 0)).toBe((rarer[0] ?? 0) > (rarer[1] ?? 0));
  });
});
