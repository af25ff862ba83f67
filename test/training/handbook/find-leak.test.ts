import { describe, expect, test } from 'vitest';
import { findLeaks } from '#training/handbook/find-leak.ts';
import { protocolFeatures } from '#training/handbook/run-protocol.ts';
import { createTerminalRecord } from '#training/handbook/terminal-record.ts';
import { DAY_SECONDS } from '#training/handbook/transactions.ts';
import type { Transactions } from '#training/handbook/transactions.ts';
import { createRandom } from '#training/random.ts';

const DELAY = 7 * DAY_SECONDS;

/** Thirty days of a few cards at a few terminals, a fifth of it fraud. */
function stream(seed: number): Transactions {
  const random = createRandom(seed);
  const rows = 600;
  const draw = (below: number) => Math.floor(random.uniform() * below);
  return {
    rows,
    seconds: Float64Array.from({ length: rows }, () => draw(30 * DAY_SECONDS)).sort(),
    cards: Int32Array.from({ length: rows }, () => draw(9)),
    terminals: Int32Array.from({ length: rows }, () => draw(4)),
    amountsMinor: Float64Array.from({ length: rows }, () => 500 + draw(20_000)),
    frauds: Uint8Array.from({ length: rows }, () => (random.uniform() < 0.2 ? 1 : 0)),
  };
}

describe('labels that cannot be known yet', () => {
  test.each([1, 2, 3, 4, 5])('no feature of the protocol notices them (stream %i)', (seed) => {
    expect(findLeaks(stream(seed), DELAY, () => protocolFeatures(DELAY))).toEqual([]);
  });

  test('a planted leak, labels known at once, is found', () => {
    expect(findLeaks(stream(1), DELAY, () => [createTerminalRecord(0)])).toContain(
      'terminal_known_frauds_35d',
    );
    expect(findLeaks(stream(1), DELAY, () => protocolFeatures(DELAY - DAY_SECONDS)).length).toBeGreaterThan(
      0,
    );
  });
});
