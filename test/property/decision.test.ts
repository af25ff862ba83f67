import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decidePayment } from '#src/decision/decide-payment.ts';
import type { DecisionInput } from '#src/decision/decision-input.ts';
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import { stableShare } from '#src/decision/stable-share.ts';
import { DEGRADED_CAUSES, reachedOutcome, type DecisionRecord, type Outcome } from '#src/domain/decision.ts';
import { contextOf, entryOf, inputOf, requestOf, START } from '#test/support/decision-setup.ts';

const STRICTNESS: Readonly<Record<Outcome, number>> = { approve: 0, challenge: 1, review: 2, deny: 3 };

const probability = fc.float({ min: 0, max: 1, noNaN: true });
const threshold = fc.oneof(probability, fc.constant(0), fc.constant(2));
const thresholds = fc.record({ challenge: threshold, review: threshold, deny: threshold });
const withheld = fc.constantFrom('challenge' as const, 'review' as const, 'deny' as const);

const limit = fc.record({
  entity: fc.constant('card'),
  metric: fc.constant('attempts'),
  window: fc.constantFrom('PT10M', 'P1D'),
  above: fc.nat(10),
  then: withheld,
});

const policyFile: fc.Arbitrary<Partial<PolicyFile>> = fc.record({
  mode: fc.constantFrom('enforce' as const, 'observe' as const),
  enforceShare: fc.double({ min: 0, max: 1, noNaN: true }),
  thresholds,
  limits: fc
    .array(limit, { maxLength: 4 })
    .map((some) => some.map((one, index) => ({ ...one, code: `limit_${index}` }))),
  degraded: fc.record({
    model: fc.constantFrom('score' as const, 'challenge' as const, 'review' as const, 'deny' as const),
    approveBelow: fc.nat(10_000),
  }),
  review: fc.record({
    maxPerHour: fc.nat(5),
    overflow: fc.constantFrom('approve' as const, 'challenge' as const, 'deny' as const),
  }),
  breaker: fc.record({ minimumDecisions: fc.integer({ min: 1, max: 10 }), aboveShare: probability }),
});

const input: fc.Arbitrary<DecisionInput> = fc
  .record({
    id: fc.uuid(),
    amount: fc.nat(20_000),
    debtor: fc.constantFrom('customer:1', 'customer:2', 'customer:3'),
    score: probability,
    velocity: fc.nat(12),
    degraded: fc.subarray([...DEGRADED_CAUSES]),
    minutes: fc.nat(3),
  })
  .map(({ id, amount, debtor, score, velocity, degraded, minutes }) =>
    inputOf({
      payment: requestOf({ facts: { id, amount, debtor, channel: amount === 0 ? 'verification' : 'web' } }),
      score,
      degraded,
      vectors: Float32Array.of(velocity, velocity, 0),
      shardTime: START + minutes * 60_000,
    }),
  );

/** Decides a stream in order; shard time never decreases. */
function decideAll(file: Partial<PolicyFile>, inputs: readonly DecisionInput[]): readonly DecisionRecord[] {
  const context = contextOf(file);
  context.state.addListEntry(entryOf({ id: 'block', list: 'block', value: 'customer:3' }), START);
  context.state.addListEntry(entryOf({ id: 'allow', list: 'allow', value: 'customer:2' }), START);
  context.state.addListEntry(entryOf({ id: 'allow_3', list: 'allow', value: 'customer:3' }), START);
  let shardTime = START;
  return inputs.map((one) => {
    shardTime += one.shardTime - START;
    const decision = decidePayment(context, { ...one, shardTime });
    context.state.recordDecision(decision, one.payment.facts.amount === 0);
    return decision;
  });
}

const stream = fc.array(input, { minLength: 1, maxLength: 40 });

describe('for any policy and any stream', () => {
  test('a block denies, whatever else is said', () => {
    fc.assert(
      fc.property(policyFile, stream, (file, inputs) => {
        for (const [index, decision] of decideAll(file, inputs).entries()) {
          if (inputs[index]?.payment.facts.debtor !== 'customer:3') continue;
          expect([reachedOutcome(decision), decision.basis.step]).toEqual(['deny', 'block']);
        }
      }),
    );
  });

  test('observe mode withholds nothing and reaches what enforce mode reaches', () => {
    fc.assert(
      fc.property(policyFile, stream, (file, inputs) => {
        const observed = decideAll({ ...file, mode: 'observe' }, inputs);
        const enforced = decideAll({ ...file, mode: 'enforce', enforceShare: 1 }, inputs);
        expect(observed.map((decision) => decision.outcome)).toEqual(observed.map(() => 'approve'));
        expect(observed.map((decision) => decision.wouldBe)).toEqual(
          enforced.map((decision) => decision.outcome),
        );
      }),
    );
  });

  test('what is not a plain approval has a reason', () => {
    fc.assert(
      fc.property(policyFile, stream, (file, inputs) => {
        for (const decision of decideAll(file, inputs)) {
          if (reachedOutcome(decision) !== 'approve' || decision.diverted.length > 0)
            expect(decision.reasons).not.toEqual([]);
        }
      }),
    );
  });

  test('a limit that is passed is not undercut, unless it is diverted', () => {
    fc.assert(
      fc.property(policyFile, stream, (file, inputs) => {
        for (const [index, decision] of decideAll(file, inputs).entries()) {
          const velocity = inputs[index]?.vectors[0] ?? 0;
          const floor = Math.max(
            0,
            ...(file.limits ?? []).filter((one) => velocity > one.above).map((one) => STRICTNESS[one.then]),
          );
          if (decision.diverted.length === 0)
            expect(STRICTNESS[reachedOutcome(decision)]).toBeGreaterThanOrEqual(floor);
        }
      }),
    );
  });

  test('never more than maxPerHour reviews go to people, queued denials of a tripped breaker apart', () => {
    fc.assert(
      fc.property(policyFile, stream, (file, inputs) => {
        const reviews = decideAll({ ...file, mode: 'enforce', enforceShare: 1 }, inputs).filter(
          ({ outcome, basis, diverted }, index) =>
            outcome === 'review' &&
            basis.step !== 'degraded' &&
            !diverted.includes('breaker') &&
            inputs[index]?.payment.facts.amount !== 0,
        );
        for (const { decidedAt } of reviews) {
          const inHour = reviews.filter(
            (one) => one.decidedAt > decidedAt - 3_600_000 && one.decidedAt <= decidedAt,
          );
          expect(inHour.length).toBeLessThanOrEqual(file.review?.maxPerHour ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  test('with the defaults for degradations nothing degraded is approved, the allow list apart', () => {
    fc.assert(
      fc.property(
        policyFile,
        stream,
        ({ degraded: _stated, mode: _mode, enforceShare: _share, ...file }, inputs) => {
          const review = { overflow: 'deny' } as const;
          for (const decision of decideAll({ ...file, review }, inputs)) {
            if (decision.degraded.length > 0 && decision.basis.step !== 'allow')
              expect(decision.outcome).not.toBe('approve');
          }
        },
      ),
    );
  });
});

describe('for any score', () => {
  test('a higher one never gets a milder outcome', () => {
    fc.assert(
      fc.property(thresholds, probability, probability, (some, one, other) => {
        const outcome = (score: number) =>
          STRICTNESS[decidePayment(contextOf({ thresholds: some }), inputOf({ score })).outcome];
        expect(outcome(Math.max(one, other))).toBeGreaterThanOrEqual(outcome(Math.min(one, other)));
      }),
    );
  });

  test('lower thresholds never give a milder outcome', () => {
    fc.assert(
      fc.property(thresholds, thresholds, probability, (some, others, score) => {
        const lower = {
          challenge: Math.min(some.challenge, others.challenge),
          review: Math.min(some.review, others.review),
          deny: Math.min(some.deny, others.deny),
        };
        const outcome = (file: typeof some) =>
          STRICTNESS[decidePayment(contextOf({ thresholds: file }), inputOf({ score })).outcome];
        expect(outcome(lower)).toBeGreaterThanOrEqual(outcome(some));
      }),
    );
  });
});

describe('a share of payments', () => {
  test('keeps its payments as it grows', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.uuid(), share, share, (id, one, other) => {
        const isEnforced = (enforceShare: number) => {
          const payment = requestOf({ facts: { id } });
          return decidePayment(contextOf({ enforceShare }), inputOf({ payment })).mode === 'enforce';
        };
        if (isEnforced(Math.min(one, other))) expect(isEnforced(Math.max(one, other))).toBe(true);
      }),
    );
  });

  test('of numbered ids is close to what was asked for', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `pay_${index}`);
    for (const share of [0.01, 0.1, 0.5, 0.9]) {
      const inShare = ids.filter((id) => stableShare(id) < share).length / ids.length;
      expect(Math.abs(inShare - share)).toBeLessThan(0.01);
    }
  });
});
