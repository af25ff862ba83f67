import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answeredPaymentJson, paymentViewJson } from '#src/adapters/http/payment-json.ts';
import type { PaymentAnswer } from '#src/domain/answer.ts';
import type { DecisionRecord } from '#src/domain/decision.ts';
import { decodePersonalContent } from '#src/domain/encoding/row-codec.ts';
import { formatInstant } from '#src/ingest/instant.ts';
import { paymentReader } from '#src/ingest/payment-reader.ts';
import type { PaymentView } from '#src/ports/ledger-views.ts';
import { EPOCH_MS, payCommand } from '#test/support/flow-harness.ts';
import { paymentBodies } from '#test/support/payment-bodies.ts';
import { readerDeps } from '#test/support/reader-deps.ts';

const reader = paymentReader(readerDeps());
const text = fc.string({ unit: 'binary' });

const decisions: fc.Arbitrary<DecisionRecord> = fc.record(
  {
    number: fc.integer({ min: 1, max: 9 }),
    outcome: fc.constantFrom('approve', 'challenge', 'review', 'deny'),
    wouldBe: fc.constantFrom('review', 'deny'),
    score: fc.float({ min: 0, max: 1, noNaN: true }),
    basis: fc.record({ step: fc.constantFrom('score', 'limit'), ref: text }),
    diverted: fc.subarray(['breaker', 'capacity'] as const),
    reasons: fc.array(fc.record({ code: text, value: text, text }), { maxLength: 3 }),
    model: text,
    policy: text,
    mode: fc.constantFrom('enforce', 'observe'),
    degraded: fc.subarray(['model', 'features'] as const),
    decidedAt: fc.integer({ min: 0, max: 2e12 }),
    tookMicros: fc.nat(),
  },
  {
    requiredKeys: [
      'number',
      'outcome',
      'score',
      'basis',
      'diverted',
      'reasons',
      'model',
      'policy',
      'mode',
      'degraded',
      'decidedAt',
      'tookMicros',
    ],
  },
);

const answers: fc.Arbitrary<PaymentAnswer> = fc.record(
  {
    type: fc.constant('PaymentAnswer'),
    paymentId: text,
    status: fc.constantFrom('pending', 'posted', 'denied'),
    awaiting: fc.constantFrom('review', 'capture'),
    until: fc.integer({ min: 0, max: 2e12 }),
    rejection: fc.constantFrom('insufficient_funds', 'debtor_unknown'),
    capturedAmount: fc.maxSafeNat(),
    reversedAmount: fc.maxSafeNat(),
    settlement: fc.constantFrom('settled', 'in_transit', 'returned'),
    decision: decisions,
    version: fc.nat(),
  },
  { requiredKeys: ['type', 'paymentId', 'status', 'capturedAmount', 'reversedAmount', 'version'] },
);

/** What the answer should say, made the slow way. */
function expected(sent: object, capture: string, answer: PaymentAnswer): object {
  const until = answer.until === undefined ? null : formatInstant(answer.until);
  const { decision } = answer;
  return {
    capture,
    ...sent,
    status: answer.status,
    ...(answer.rejection && { reason: answer.rejection }),
    awaiting: answer.awaiting ? { for: answer.awaiting, until } : null,
    capturedAmount: answer.capturedAmount,
    reversedAmount: answer.reversedAmount,
    settlement: answer.settlement ?? null,
    decision: decision
      ? {
          ...decision,
          wouldBe: decision.wouldBe ?? null,
          score: Number(decision.score.toPrecision(6)),
          decidedAt: formatInstant(decision.decidedAt),
        }
      : null,
    expiresAt: until,
    version: answer.version,
  };
}

const VIEW: PaymentView = {
  facts: payCommand({ id: 'p1' }).facts,
  erased: false,
  receivedAt: EPOCH_MS,
  status: 'posted',
  capturedAmount: 100,
  reversedAmount: 0,
  returnedAmount: 0,
  pendingReversals: [],
  idConflict: false,
  decisions: [],
  version: 3,
};

describe('a payment that was read', () => {
  const read = (more: Partial<PaymentView>): unknown =>
    JSON.parse(paymentViewJson('{"id":"p1"}', { ...VIEW, ...more }, undefined));

  it('says where its money is', () => {
    expect(read({ settlement: 'in_transit' })).toMatchObject({ settlement: 'in_transit' });
    expect(read({})).toMatchObject({ settlement: null });
    expect(read({})).not.toHaveProperty('returnedAmount');
  });

  it('shows what came back, what is asked back, and that its id was another’s', () => {
    const pendingReversals = [{ id: 'r1', kind: 'refund', amount: 40 }] as const;
    const more = { returnedAmount: 60, pendingReversals, idConflict: true };
    expect(read(more)).toMatchObject(more);
  });
});

describe('the answer to a fresh payment', () => {
  it('put together from text is the JSON of the whole', () => {
    fc.assert(
      fc.property(paymentBodies, answers, (body, answer) => {
        const result = reader.read(body);
        if (!result.ok) throw new Error('a valid body was refused');
        const { canonical, command } = result.content;
        const written: unknown = JSON.parse(answeredPaymentJson(canonical, command.facts.capture, answer));
        const sent: unknown = JSON.parse(canonical);
        const whole = JSON.stringify(expected(sent as object, command.facts.capture, answer));
        expect(written).toEqual(JSON.parse(whole));
      }),
    );
  });

  it('that was stored is written as what was sent', () => {
    fc.assert(
      fc.property(paymentBodies, (body) => {
        const result = reader.read(body);
        if (!result.ok) throw new Error('a valid body was refused');
        const { canonical, command } = result.content;
        const personal = (command.personal && decodePersonalContent(command.personal).payment) ?? {};
        const stored = reader.writeStored({ facts: command.facts, personal });
        expect({ ...(JSON.parse(stored) as object) }).toEqual({
          capture: 'automatic',
          ...(JSON.parse(canonical) as object),
        });
      }),
    );
  });
});
