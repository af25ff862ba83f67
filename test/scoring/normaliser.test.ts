import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import { createNormaliser, INPUT_LIMIT, signedLogarithm } from '#src/scoring/normaliser.ts';
import type { NormaliserTables } from '#src/scoring/normaliser.ts';

const TABLES: NormaliserTables = {
  features: [
    { transform: 'identity', centre: 10, scale: 2 },
    { transform: 'masked', centre: 0, scale: 1 },
    { transform: 'logarithm', centre: 1, scale: 0.5 },
  ],
  indicators: [
    { kind: 'not sent', features: [0, 2] },
    { kind: 'no history', features: [2] },
  ],
};

function normalised(...vectors: number[]): number[] {
  const normaliser = createNormaliser(TABLES);
  const rows = vectors.length / 3;
  const out = new Float32Array(rows * normaliser.inputs).fill(9);
  normaliser.normalise(Float32Array.from(vectors), rows, out);
  return [...out];
}

describe('the normaliser', () => {
  test('present values are transformed, centred and scaled, and masked features have no input', () => {
    expect(normalised(14, 5, 3)).toEqual([2, 2, 0, 0]);
  });

  test('a missing value becomes the centre and sets the indicator of its kind', () => {
    expect(normalised(NOT_SENT, 5, 3)).toEqual([0, 2, 1, 0]);
    expect(normalised(10, 5, NO_HISTORY)).toEqual([0, 0, 0, 1]);
  });

  test('a missing value without an indicator of its kind is only the centre', () => {
    expect(normalised(UNREADABLE, UNREADABLE, UNREADABLE)).toEqual([0, 0, 0, 0]);
    expect(normalised(NO_HISTORY, 0, 1)).toEqual([0, 0, 0, 0]);
  });

  test('wild values are cut off and what is no number becomes the centre', () => {
    expect(normalised(1e9, 0, 1)).toEqual([INPUT_LIMIT, 0, 0, 0]);
    expect(normalised(-1e9, 0, 1)).toEqual([-INPUT_LIMIT, 0, 0, 0]);
    expect(normalised(Number.NaN, 0, 1)).toEqual([0, 0, 0, 0]);
  });

  test('each row is normalised by itself', () => {
    expect(normalised(14, 5, 3, NOT_SENT, 5, 3)).toEqual([
      ...normalised(14, 5, 3),
      ...normalised(NOT_SENT, 5, 3),
    ]);
  });

  test('each input names the feature that it comes from', () => {
    expect([...createNormaliser(TABLES).featureOfInput]).toEqual([0, 2, 0, 2]);
  });
});

describe('the signed logarithm', () => {
  test('powers of two less one give whole numbers of either sign', () => {
    expect([0, 1, 3, 1023, -1, -3].map(signedLogarithm)).toEqual([0, 1, 2, 10, -1, -2]);
  });

  test('it never falls as values rise, and stays within 0.09 of the true logarithm', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(signedLogarithm(Math.min(one, other))).toBeLessThanOrEqual(
          signedLogarithm(Math.max(one, other)),
        );
        expect(Math.abs(Math.abs(signedLogarithm(one)) - Math.log2(1 + Math.abs(one)))).toBeLessThan(0.09);
      }),
    );
  });
});
