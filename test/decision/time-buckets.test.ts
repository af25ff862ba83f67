import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TimeBuckets } from '#src/decision/time-buckets.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('time buckets of an hour', () => {
  test('count what is at most an hour old, and forget it a minute later', () => {
    const buckets = new TimeBuckets(HOUR);
    buckets.add(10 * HOUR);
    expect(buckets.total(10 * HOUR)).toBe(1);
    expect(buckets.total(11 * HOUR)).toBe(1);
    expect(buckets.total(11 * HOUR + MINUTE)).toBe(0);
  });

  test('after a long silence start from nothing', () => {
    const buckets = new TimeBuckets(HOUR);
    buckets.add(10 * HOUR);
    buckets.add(99 * HOUR);
    expect(buckets.total(99 * HOUR)).toBe(1);
  });

  test('never count less than the window, nor more than a sixtieth beyond it', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 10 * MINUTE }), { maxLength: 300 });
    fc.assert(
      fc.property(gaps, fc.nat(2 * HOUR), (steps, wait) => {
        const buckets = new TimeBuckets(HOUR);
        const times = steps.map(
          (
            (time) => (step: number) =>
              (time += step)
          )(5 * HOUR),
        );
        for (const time of times) buckets.add(time);
        const now = (times.at(-1) ?? 5 * HOUR) + wait;
        const total = buckets.total(now);
        expect(total).toBeGreaterThanOrEqual(times.filter((time) => time > now - HOUR).length);
        expect(total).toBeLessThanOrEqual(times.filter((time) => time > now - HOUR - MINUTE).length);
      }),
    );
  });

  test('go on from a snapshot', () => {
    const before = new TimeBuckets(HOUR);
    before.add(10 * HOUR);
    const after = new TimeBuckets(HOUR, before.toSnapshot());
    after.add(10.5 * HOUR);
    expect([after.total(10.5 * HOUR), after.total(11.2 * HOUR)]).toEqual([2, 1]);
  });
});
