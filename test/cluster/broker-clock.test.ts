import { describe, expect, test } from 'vitest';

import { BrokerClock, CLOCK_AHEAD_MAX_MS } from '#src/cluster/broker-clock.ts';
import { envelopeOf, openCommand } from '#test/support/flow-harness.ts';

const BROKER_MS = 1_800_000_000_000;

function clockAt(machine: { now: number; elapsed: number }): BrokerClock {
  return new BrokerClock({ now: () => machine.now, elapsed: () => machine.elapsed });
}

function commandAt(receivedAt: number) {
  return envelopeOf(openCommand('a', 'allowed'), receivedAt);
}

describe('the clock of a shard at a broker', () => {
  test('lets pass what is not much ahead of the broker, and refuses what is', () => {
    const clock = clockAt({ now: BROKER_MS, elapsed: 0 });
    expect(clock.judge(commandAt(BROKER_MS - 86_400_000), BROKER_MS)).toBeUndefined();
    expect(clock.judge(commandAt(BROKER_MS + CLOCK_AHEAD_MAX_MS), BROKER_MS)).toBeUndefined();
    const refused = clock.judge(commandAt(BROKER_MS + CLOCK_AHEAD_MAX_MS + 1), BROKER_MS);
    expect(refused).toMatchObject({ type: 'RefusedAnswer', refusal: 'clock_ahead' });
  });

  test('is that of its machine as long as that one is not ahead', () => {
    const machine = { now: BROKER_MS - 700, elapsed: 0 };
    const clock = clockAt(machine);
    expect(clock.now()).toBe(machine.now);
    clock.judge(commandAt(BROKER_MS), BROKER_MS);
    expect(clock.now()).toBe(machine.now);
  });

  test('of a machine that is an hour ahead goes with the broker, also while no command comes', () => {
    const machine = { now: BROKER_MS + 3_600_000, elapsed: 50_000 };
    const clock = clockAt(machine);
    clock.judge(commandAt(BROKER_MS), BROKER_MS);
    expect(clock.now()).toBe(BROKER_MS + CLOCK_AHEAD_MAX_MS);
    machine.now += 60_000;
    machine.elapsed += 60_000;
    expect(clock.now()).toBe(BROKER_MS + 60_000 + CLOCK_AHEAD_MAX_MS);
  });
});
