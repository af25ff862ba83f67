import { describe, expect, test } from 'vitest';
import { decidePayment, needsExplanation, withScoreReasons } from '#src/decision/decide-payment.ts';
import { holdOf } from '#src/domain/decision.ts';
import { NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import {
  contextOf,
  entryOf,
  FEATURE_WORDS,
  inputOf,
  requestOf,
  START,
} from '#test/support/decision-setup.ts';

const CARD_LIMIT = {
  entity: 'card',
  metric: 'attempts',
  window: 'PT10M',
  above: 5,
  then: 'deny',
  code: 'card_velocity',
} as const;

describe('a decision', () => {
  test('on a clear payment is a plain approval', () => {
    expect(decidePayment(contextOf(), inputOf({ tookMicros: 7 }))).toEqual({
      number: 1,
      outcome: 'approve',
      score: 0.01,
      basis: { step: 'score', ref: 'net@1' },
      diverted: [],
      reasons: [],
      model: 'net@1',
      policy: 'test.1',
      mode: 'enforce',
      degraded: [],
      decidedAt: START,
      tookMicros: 7,
    });
  });

  test.each([
    [0.2, 'review'],
    [0.8, 'deny'],
    [0.199, 'approve'],
  ])('at a score of %d is %s: thresholds are reached at their own value', (score, outcome) => {
    expect(decidePayment(contextOf(), inputOf({ score: Math.fround(score) })).outcome).toBe(outcome);
  });

  test('with a threshold of 0 withholds everything, above 1 nothing', () => {
    expect(
      decidePayment(contextOf({ thresholds: { review: 0, deny: 2 } }), inputOf({ score: 0 })).outcome,
    ).toBe('review');
    expect(
      decidePayment(contextOf({ thresholds: { review: 2, deny: 2 } }), inputOf({ score: 1 })).outcome,
    ).toBe('approve');
  });

  test('on a score that is no probability is not taken', () => {
    expect(() => decidePayment(contextOf(), inputOf({ score: Number.NaN }))).toThrow('no probability');
  });

  test('passes no limit where the feature is missing', () => {
    const context = contextOf({ limits: [{ ...CARD_LIMIT, above: 0 }] });
    for (const missing of [NOT_SENT, UNREADABLE]) {
      const decision = decidePayment(context, inputOf({ vectors: Float32Array.of(missing, 0, 0) }));
      expect(decision.outcome).toBe('approve');
    }
  });

  test('reads its own row of the vectors', () => {
    const context = contextOf({ limits: [CARD_LIMIT] });
    const vectors = Float32Array.of(9, 0, 0, 0, 0, 0);
    expect(decidePayment(context, inputOf({ vectors, offset: 3 })).outcome).toBe('approve');
    expect(decidePayment(context, inputOf({ vectors, offset: 0 })).reasons).toEqual([
      { code: 'card_velocity', feature: 'feature_0', value: '9', text: 'feature 0 is 9; the limit is 5' },
    ]);
  });

  test('names every limit that is passed, the one that decides first', () => {
    const other = {
      entity: 'device',
      metric: 'distinctCards',
      window: 'P1D',
      above: 3,
      then: 'review',
      code: 'device_cards',
    } as const;
    const context = contextOf({ limits: [other, CARD_LIMIT] });
    const decision = decidePayment(context, inputOf({ vectors: Float32Array.of(9, 0, 4), score: 0.9 }));
    expect(decision.basis).toEqual({ step: 'limit', ref: 'card_velocity' });
    expect(decision.reasons.map((reason) => reason.code)).toEqual([
      'card_velocity',
      'device_cards',
      'score_deny',
    ]);
  });

  test('on a listed card tells the entry and not the card', () => {
    const context = contextOf();
    context.state.addListEntry(entryOf({ id: 'e_1', kind: 'card', value: 'c_secret' }), START);
    const decision = decidePayment(
      context,
      inputOf({ payment: requestOf({ personal: { cardId: 'c_secret' } }) }),
    );
    expect(decision.reasons.map((reason) => reason.code)).toEqual(['block_card']);
    expect(JSON.stringify(decision)).not.toContain('c_secret');
  });

  test('is taken by the entry until it ends or is removed', () => {
    const context = contextOf();
    context.state.addListEntry(entryOf({ id: 'e_1', expiresAt: START + 60_000 }), START);
    const at = (shardTime: number) => decidePayment(context, inputOf({ shardTime })).outcome;
    expect([at(START), at(START + 59_999), at(START + 60_000)]).toEqual(['deny', 'deny', 'approve']);
    context.state.removeListEntry('block', 'e_1');
    expect(at(START)).toBe('approve');
  });
});

describe('a degraded decision', () => {
  test('on an amount below approveBelow is the score’s', () => {
    const context = contextOf({ degraded: { approveBelow: 1_000 } });
    const decide = (amount: number, score: number) =>
      decidePayment(
        context,
        inputOf({ payment: requestOf({ facts: { amount } }), degraded: ['model'], score }),
      ).outcome;
    expect([decide(999, 0.01), decide(1_000, 0.01), decide(999, 0.9)]).toEqual(['approve', 'review', 'deny']);
  });

  test('with several causes follows the strictest', () => {
    const context = contextOf({ degraded: { model: 'score', features: 'deny', log: 'review' } });
    const decide = (...degraded: ('model' | 'features' | 'log')[]) =>
      decidePayment(context, inputOf({ degraded }));
    expect(decide('model').outcome).toBe('approve');
    expect(decide('model', 'log').basis.ref).toBe('log');
    expect(decide('log', 'features').outcome).toBe('deny');
  });

  test('waits for a rescore, whose own review then goes to people', () => {
    const context = contextOf();
    const first = decidePayment(context, inputOf({ degraded: ['model'], score: 0.5 }));
    const second = decidePayment(context, inputOf({ number: first.number + 1, score: 0.5 }));
    expect([holdOf(first), holdOf(second)]).toEqual(['rescore', 'review']);
    expect([first.number, second.number]).toEqual([1, 2]);
  });

  test('takes no reviewer’s time until it is scored again', () => {
    const context = contextOf({ review: { maxPerHour: 1 } });
    context.state.recordDecision(decidePayment(context, inputOf({ degraded: ['model'] })), false);
    expect(context.state.counters('enforce').reviewsInLastHour(START)).toBe(0);
  });
});

describe('a verification', () => {
  const payment = requestOf({ facts: { amount: 0, channel: 'verification' } });

  test('is decided like every payment', () => {
    expect(decidePayment(contextOf(), inputOf({ payment, score: 0.9 })).outcome).toBe('deny');
  });

  test('takes no reviewer’s time and is not turned away for want of it', () => {
    const context = contextOf({ review: { maxPerHour: 0 } });
    const decision = decidePayment(context, inputOf({ payment, score: 0.5 }));
    context.state.recordDecision(decision, true);
    expect(decision.outcome).toBe('review');
    expect(context.state.counters('enforce').reviewsInLastHour(START)).toBe(0);
  });
});

describe('what drove the score', () => {
  const reason = { featureIndex: 2, group: 'device', value: 7, contribution: 1.5 };

  test('is asked for only where the score withheld the payment', () => {
    const context = contextOf({ limits: [CARD_LIMIT] });
    expect(needsExplanation(decidePayment(context, inputOf({ score: 0.5 })))).toBe(true);
    expect(needsExplanation(decidePayment(context, inputOf({ score: 0.1 })))).toBe(false);
    expect(needsExplanation(decidePayment(context, inputOf({ vectors: Float32Array.of(9, 0, 0) })))).toBe(
      false,
    );
  });

  test('is added in the words of the catalogue, and no more than a person reads', () => {
    const decision = decidePayment(contextOf(), inputOf({ score: 0.5 }));
    const explained = withScoreReasons(decision, [reason], FEATURE_WORDS);
    expect(explained.reasons.map((one) => one.code)).toEqual(['score_review', 'device']);
    expect(explained.reasons[1]).toEqual({
      code: 'device',
      feature: 'feature_2',
      value: '7',
      text: 'feature 2 is 7',
      contribution: 1.5,
    });
    const many = Array.from({ length: 20 }, () => reason);
    expect(withScoreReasons(decision, many, FEATURE_WORDS).reasons).toHaveLength(8);
  });
});
