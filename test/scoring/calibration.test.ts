import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrated, forBaseRate, logit, probabilityOf } from '#src/scoring/calibration.ts';

describe('calibration', () => {
  test('log-odds and probability are each other undone', () => {
    expect(probabilityOf(logit(0.003))).toBeCloseTo(0.003, 12);
  });

  test('a rising score never gets a falling probability', () => {
    const logOdds = fc.double({ min: -50, max: 50, noNaN: true });
    fc.assert(
      fc.property(logOdds, logOdds, (one, other) => {
        const calibration = { slope: 0.8, intercept: -1 };
        const low = calibrated(calibration, Math.min(one, other));
        const high = calibrated(calibration, Math.max(one, other));
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('another base rate moves a score that says nothing to that rate', () => {
    const uninformative = { slope: 1, intercept: logit(0.02) };
    expect(calibrated(forBaseRate(uninformative, 0.02, 0.002), 0)).toBeCloseTo(0.002, 12);
  });
});
