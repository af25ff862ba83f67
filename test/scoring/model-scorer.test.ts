import { describe, expect, test } from 'vitest';
import { NOT_SENT } from '#src/domain/feature-value.ts';
import type { Network } from '#src/ports/network.ts';
import { createLogisticNetwork } from '#src/scoring/logistic-network.ts';
import { createModelScorer } from '#src/scoring/model-scorer.ts';
import { createNormaliser } from '#src/scoring/normaliser.ts';

const NORMALISER = createNormaliser({
  features: [
    { transform: 'identity', centre: 0, scale: 1 },
    { transform: 'identity', centre: 0, scale: 1 },
    { transform: 'identity', centre: 0, scale: 1 },
  ],
  indicators: [{ kind: 'not sent', features: [2] }],
});
const STAND_IN = {
  network: createLogisticNetwork({ weights: [1, 1, 1, 1], bias: -3 }),
  calibration: { slope: 1, intercept: 0 },
};

function networkThat(infer: Network['infer']): Network {
  return { inputs: NORMALISER.inputs, infer, dispose: () => undefined };
}

function scorerWith(network: Network | undefined) {
  const failures: unknown[] = [];
  const scorer = createModelScorer({
    model: 'test@1',
    normaliser: NORMALISER,
    main: network && { network, calibration: { slope: 2, intercept: -1 } },
    standIn: STAND_IN,
    groups: ['amount', 'velocity', 'velocity'],
    referenceInputs: new Float32Array(NORMALISER.inputs),
    inputWeights: new Float32Array(NORMALISER.inputs).fill(1),
    onFailure: (error) => failures.push(error),
  });
  return { scorer, failures };
}

const weighted = networkThat(createLogisticNetwork({ weights: [1, 0.5, 0.25, 2], bias: 0 }).infer);

describe('the scorer of a model', () => {
  test('a working network gives calibrated probabilities that are not degraded', () => {
    const { scorer, failures } = scorerWith(weighted);
    const { probabilities, degraded } = scorer.score(Float32Array.from([0.5, 0, 0, 1, 2, 4]), 2);
    expect(probabilities[0]).toBeCloseTo(0.5, 6);
    expect(probabilities[1]).toBeCloseTo(1 / (1 + Math.exp(-5)), 6);
    expect(degraded).toBe(false);
    expect(failures).toEqual([]);
  });

  test.each([
    [
      'throws',
      networkThat(() => {
        throw new Error('lost');
      }),
    ],
    ['answers with what is no number', networkThat((_, rows) => new Float32Array(rows).fill(Number.NaN))],
    ['answers too few rows', networkThat(() => new Float32Array(0))],
  ])('when the network %s, the stand-in scores the round and it is degraded', (_, network) => {
    const { scorer, failures } = scorerWith(network);
    const { probabilities, degraded } = scorer.score(Float32Array.from([1, 1, 1]), 1);
    expect(probabilities[0]).toBeCloseTo(0.5, 6);
    expect(degraded).toBe(true);
    expect(failures).toHaveLength(1);
    expect(scorer.explain(Float32Array.from([1, 1, 1]), 1)[0]).toHaveLength(2);
  });

  test('without a network every round is degraded', () => {
    const { scorer } = scorerWith(undefined);
    expect(scorer.score(Float32Array.from([0, 0, 0]), 1).degraded).toBe(true);
  });

  test('the round after a failure asks the network again', () => {
    let calls = 0;
    const { scorer } = scorerWith(
      networkThat((inputs, rows) => {
        calls += 1;
        if (calls === 1) throw new Error('once');
        return weighted.infer(inputs, rows);
      }),
    );
    const vectors = Float32Array.from([0, 0, 0]);
    expect([scorer.score(vectors, 1).degraded, scorer.score(vectors, 1).degraded]).toEqual([true, false]);
  });
});

describe('the reasons of a score', () => {
  test('groups come in the order of how far the score falls without them, each with its furthest feature', () => {
    const { scorer } = scorerWith(weighted);
    const [reasons] = scorer.explain(Float32Array.from([1, 1, 4]), 1);
    expect(reasons).toEqual([
      { featureIndex: 2, group: 'velocity', value: 4, contribution: 3 },
      { featureIndex: 0, group: 'amount', value: 1, contribution: 2 },
    ]);
  });

  test('a group that lowers the score or hardly moves it is no reason', () => {
    const { scorer } = scorerWith(weighted);
    expect(scorer.explain(Float32Array.from([-1, 0.01, 0]), 1)).toEqual([[]]);
  });

  test('a missing value can be the reason', () => {
    const { scorer } = scorerWith(weighted);
    const [reasons] = scorer.explain(Float32Array.from([0, 0, NOT_SENT]), 1);
    expect(reasons).toEqual([{ featureIndex: 2, group: 'velocity', value: NOT_SENT, contribution: 4 }]);
  });

  test('more rows than one call takes are all explained, each as if it were alone', () => {
    const { scorer } = scorerWith(weighted);
    const vectors = Float32Array.from({ length: 150 * 3 }, (_, place) => (place * 7) % 5);
    const together = scorer.explain(vectors, 150);
    expect(together).toHaveLength(150);
    for (const row of [0, 63, 64, 149])
      expect(scorer.explain(vectors.subarray(row * 3), 1)[0]).toEqual(together[row]);
  });
});
