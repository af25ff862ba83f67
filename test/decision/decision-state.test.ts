import { describe, expect, test } from 'vitest';
import { decidePayment } from '#src/decision/decide-payment.ts';
import { decisionStateCodec } from '#src/decision/decision-state-codec.ts';
import type { DecisionContext } from '#src/decision/decision-input.ts';
import { DecisionState } from '#src/decision/decision-state.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { contextOf, entryOf, FEATURE_WORDS, inputOf, policyOf, START } from '#test/support/decision-setup.ts';

const MINUTE = 60_000;
const BREAKER = { window: 'PT10M', aboveShare: 0.5, minimumDecisions: 10 } as const;

function decideAndCount(context: DecisionContext, score: number, shardTime = START) {
  const decision = decidePayment(context, inputOf({ score, shardTime }));
  context.state.recordDecision(decision, false);
  return decision;
}

describe('the breaker', () => {
  test('trips when one model denies more than its share, and says which', () => {
    const context = contextOf({ breaker: BREAKER });
    for (let i = 0; i < 5; i++) decideAndCount(context, 0.01);
    for (let i = 0; i < 5; i++) expect(decideAndCount(context, 0.9).outcome).toBe('deny');
    expect(decideAndCount(context, 0.9).outcome).toBe('deny');
    const decision = decideAndCount(context, 0.9);
    expect([decision.outcome, decision.diverted]).toEqual(['review', ['breaker']]);
    expect(decision.reasons).toContainEqual({
      code: 'breaker_open',
      value: 'net@1',
      text: 'net@1 denies so much of the traffic that its denials are reviewed',
    });
  });

  test('says nothing while there are few decisions', () => {
    const context = contextOf({ breaker: BREAKER });
    for (let i = 0; i < 10; i++) expect(decideAndCount(context, 0.9).outcome).toBe('deny');
    expect(decideAndCount(context, 0.9).outcome).toBe('review');
  });

  test('stays tripped while its source goes on denying, and closes when the window has passed', () => {
    const context = contextOf({ breaker: BREAKER });
    for (let i = 0; i < 60; i++) decideAndCount(context, 0.9, START + i * MINUTE);
    expect(decideAndCount(context, 0.9, START + 60 * MINUTE).outcome).toBe('review');
    expect(decideAndCount(context, 0.9, START + 71 * MINUTE).outcome).toBe('deny');
  });

  test('trips on a number of denials whatever their share', () => {
    const context = contextOf({ breaker: { ...BREAKER, aboveShare: 1, aboveCount: 3 } });
    const outcomes = [1, 2, 3, 4, 5].map(() => decideAndCount(context, 0.9).outcome);
    expect(outcomes).toEqual(['deny', 'deny', 'deny', 'deny', 'review']);
  });

  test('does not hear denials for want of reviewers', () => {
    const context = contextOf({ breaker: BREAKER, review: { maxPerHour: 0, overflow: 'deny' } });
    for (let i = 0; i < 50; i++) expect(decideAndCount(context, 0.5).outcome).toBe('deny');
    expect(decideAndCount(context, 0.9).outcome).toBe('deny');
  });

  test('switched off lets one source deny everything', () => {
    const context = contextOf({ breaker: { enabled: false } });
    for (let i = 0; i < 1_000; i++) decideAndCount(context, 0.9);
    expect(decideAndCount(context, 0.9).outcome).toBe('deny');
  });
});

describe('the reviewers’ capacity', () => {
  test('is an hour’s, and free again after it', () => {
    const context = contextOf({ review: { maxPerHour: 2, overflow: 'challenge' } });
    const at = (minutes: number) => decideAndCount(context, 0.5, START + minutes * MINUTE).outcome;
    expect([at(0), at(10), at(20), at(59)]).toEqual(['review', 'review', 'challenge', 'challenge']);
    expect([at(61), at(62), at(71)]).toEqual(['review', 'challenge', 'review']);
  });

  test('that is stated nowhere is never reached', () => {
    const context = contextOf();
    for (let i = 0; i < 1_000; i++) expect(decideAndCount(context, 0.5).outcome).toBe('review');
  });
});

describe('a rehearsal', () => {
  test('does not use up the reviewers’ hour of what is enforced', () => {
    const context = contextOf({ mode: 'observe', review: { maxPerHour: 1 } });
    expect(decideAndCount(context, 0.5).wouldBe).toBe('review');
    expect(decideAndCount(context, 0.5).wouldBe).toBe('deny');
    context.state.activatePolicy(policyOf({ review: { maxPerHour: 1 } }));
    expect(decideAndCount(context, 0.5).outcome).toBe('review');
  });
});

describe('the decision state', () => {
  test('goes on from the bytes of its snapshot as if it had never stopped', () => {
    const context = contextOf({ breaker: BREAKER, review: { maxPerHour: 3 } });
    context.state.addListEntry(entryOf({ value: 'customer:2', expiresAt: START + MINUTE }), START);
    context.state.addListEntry(
      entryOf({ id: 'allowed', list: 'allow', kind: 'device', value: 'd_1' }),
      START,
    );
    for (const score of [0.9, 0.5, 0.01, 0.9, 0.5]) decideAndCount(context, score);
    const writer = new ByteWriter();
    decisionStateCodec.write(writer, context.state.toSnapshot());
    const snapshot = decisionStateCodec.read(new ByteReader(writer.toBytes()));
    expect(snapshot).toEqual(context.state.toSnapshot());
    const again = { state: new DecisionState(context.state.policy, snapshot), words: FEATURE_WORDS };
    for (let i = 0; i < 40; i++) {
      const score = [0.9, 0.5, 0.9, 0.01][i % 4] ?? 0;
      expect(decideAndCount(again, score, START + i * MINUTE)).toEqual(
        decideAndCount(context, score, START + i * MINUTE),
      );
    }
  });

  test('keeps what it counted when a policy with the same breaker window comes', () => {
    const context = contextOf({ breaker: BREAKER });
    for (let i = 0; i < 20; i++) decideAndCount(context, 0.9);
    context.state.activatePolicy(policyOf({ version: 'test.2', breaker: BREAKER }));
    expect(decideAndCount(context, 0.9)).toMatchObject({ outcome: 'review', policy: 'test.2' });
    context.state.activatePolicy(policyOf({ version: 'test.3', breaker: { ...BREAKER, window: 'PT20M' } }));
    expect(decideAndCount(context, 0.9).outcome).toBe('deny');
  });
});
