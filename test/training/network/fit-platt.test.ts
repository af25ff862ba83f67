import { describe, expect, test } from 'vitest';
import { calibrated, probabilityOf } from '#src/scoring/calibration.ts';
import { fitPlatt } from '#training/network/fit-platt.ts';
import { createRandom } from '#training/random.ts';

function drawn(rows: number, slope: number, intercept: number) {
  const random = createRandom(9);
  const logOdds = Float32Array.from({ length: rows }, () => random.normal() * 2);
  const labels = logOdds.map((score) =>
    random.uniform() < probabilityOf(slope * score + intercept) ? 1 : 0,
  );
  return { logOdds, labels, weights: new Float32Array(rows).fill(1) };
}

describe('fitting a calibration', () => {
  test('the line that labels were drawn with is found again', () => {
    const line = fitPlatt(drawn(50_000, 0.6, -3));
    expect(line.slope).toBeCloseTo(0.6, 1);
    expect(line.intercept).toBeCloseTo(-3, 1);
  });

  test('the mean of the calibrated probabilities is the share of fraud', () => {
    const scores = drawn(5_000, 1.4, -4);
    const line = fitPlatt(scores);
    const mean = scores.logOdds.reduce((sum, score) => sum + calibrated(line, score), 0) / 5_000;
    expect(mean).toBeCloseTo(scores.labels.reduce((sum, label) => sum + label, 0) / 5_000, 3);
  });

  test('kept rows that stand for others give the probabilities of all of them', () => {
    const { logOdds, labels } = drawn(40_000, 1, -3);
    const kept = [...logOdds.keys()].filter((row) => labels[row] === 1 || row % 10 === 0);
    const line = fitPlatt({
      logOdds: kept.map((row) => logOdds[row] ?? 0),
      labels: kept.map((row) => labels[row] ?? 0),
      weights: kept.map((row) => (labels[row] === 1 ? 1 : 10)),
    });
    expect(line.slope).toBeCloseTo(1, 1);
    expect(line.intercept).toBeCloseTo(-3, 0);
  });

  test('perfectly separated rows give a finite line', () => {
    const line = fitPlatt({ logOdds: [-50, -40, 40, 50], labels: [0, 0, 1, 1], weights: [1, 1, 1, 1] });
    expect(Number.isFinite(line.slope) && Number.isFinite(line.intercept)).toBe(true);
  });

  test('scores that point the wrong way keep their order', () => {
    expect(
      fitPlatt({ logOdds: [1, 2, 3, 4], labels: [1, 1, 0, 0], weights: [1, 1, 1, 1] }).slope,
    ).toBeGreaterThan(0);
  });
});
