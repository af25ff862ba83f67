import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { featureTimeOf, LATENESS_MAX_MS } from '#src/shard/ledger-facts.ts';

const NOON = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3_600_000;

describe('the feature time of a payment', () => {
  test.each([
    ['on time is when it occurred', { occurredAt: NOON - 5, newest: NOON - 60_000 }, NOON - 5],
    ['from the future is when it was received', { occurredAt: NOON + HOUR_MS, newest: NOON }, NOON],
    [
      'hours late is still when it occurred',
      { occurredAt: NOON - 23 * HOUR_MS, newest: NOON },
      NOON - 23 * HOUR_MS,
    ],
    [
      'days late is a day behind the stream',
      { occurredAt: NOON - 90 * HOUR_MS, newest: NOON },
      NOON - 24 * HOUR_MS,
    ],
  ])('%s', (_name, { occurredAt, newest }, expected) => {
    expect(featureTimeOf(occurredAt, NOON, newest)).toBe(expected);
  });

  test('never lies a day behind the newest, nor after its arrival otherwise', () => {
    const instant = fc.integer({ min: NOON - 100 * HOUR_MS, max: NOON + 100 * HOUR_MS });
    fc.assert(
      fc.property(instant, instant, instant, (occurredAt, receivedAt, newest) => {
        const time = featureTimeOf(occurredAt, receivedAt, newest);
        expect(time).toBeGreaterThanOrEqual(newest - LATENESS_MAX_MS);
        expect(time).toBeLessThanOrEqual(Math.max(receivedAt, newest - LATENESS_MAX_MS));
      }),
    );
  });
});
