import { describe, expect, test } from 'vitest';
import type { Command, RecordAuthorization, RecordLabel } from '#src/domain/commands.ts';
import { digestOf } from '#test/support/flow-harness.ts';
import { LedgerCase, refusal, wasDone } from '#test/support/ledger-case.ts';

const decide = (outcome: 'approve' | 'deny' | 'escalate'): Command => ({
  type: 'DecideReview',
  paymentId: 'p',
  outcome,
  reason: 'test',
});
const applied: Command = { type: 'ApplyReview', paymentId: 'p' };
const inReview = (undoMs = 0) =>
  new LedgerCase({ undoMs }).funded(100).paid({ id: 'p', amount: 60 }, 'review');

function issuerAnswer(more: Partial<RecordAuthorization>): RecordAuthorization {
  return {
    type: 'RecordAuthorization',
    paymentId: 'p',
    result: 'declined',
    bodyDigest: Uint8Array.of(1),
    ...more,
  };
}

describe('a review', () => {
  test.each([
    ['approve', 'posted', 40n],
    ['deny', 'denied', 100n],
  ] as const)(
    'that says %s takes effect at once where nothing can be taken back',
    (outcome, status, left) => {
      const ledger = inReview().given(decide(outcome));
      expect(ledger.payment('p')).toMatchObject({ status, reviewOutcome: outcome, reviewer: 'token:ops' });
      expect(ledger.balances('a')).toEqual([left, 0n, 0n]);
      expect(wasDone(ledger.when(decide(outcome)))).toBe(true);
      expect(refusal(ledger.when(decide(outcome === 'deny' ? 'approve' : 'deny')))).toBe('not_in_review');
    },
  );

  test('that denies names the reviewer', () => {
    expect(inReview().when(decide('deny')).events[1]).toEqual({
      type: 'PaymentDenied',
      paymentId: 'p',
      by: { kind: 'reviewer', ref: 'token:ops' },
    });
  });

  test('that escalates leaves the payment where it is', () => {
    const ledger = inReview().given(decide('escalate'));
    expect(ledger.payment('p')).toMatchObject({
      status: 'pending',
      awaiting: 'review',
      reviewOutcome: undefined,
    });
  });

  test('with time to take it back moves money only when that has passed', () => {
    const ledger = inReview(500).given(decide('approve'));
    expect(ledger.payment('p')).toMatchObject({ status: 'pending', reviewEffectAt: ledger.now + 500 });
    ledger.now += 499;
    expect(wasDone(ledger.when(applied))).toBe(true);
    ledger.now += 1;
    ledger.given(applied);
    expect(ledger.payment('p')).toMatchObject({ status: 'posted', reviewEffectAt: undefined });
    expect(wasDone(ledger.when(applied))).toBe(true);
  });

  test('that is decided is done for its reviewer, refused to others, and does not expire before its effect', () => {
    const ledger = inReview(5_000).given(decide('approve'));
    expect(wasDone(ledger.when(decide('approve')))).toBe(true);
    expect(refusal(ledger.when(decide('deny')))).toBe('not_in_review');
    ledger.actor = 'token:other';
    expect(refusal(ledger.when(decide('approve')))).toBe('not_in_review');
    ledger.now += 4_000;
    expect(wasDone(ledger.when({ type: 'ExpirePayment', paymentId: 'p' }))).toBe(true);
  });

  test('that approves a payment with manual capture lets it wait for that, with a deadline of its own', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60, capture: 'manual' }, 'review');
    ledger.given(decide('approve'));
    expect(ledger.payment('p')).toMatchObject({
      awaiting: 'capture',
      until: ledger.now + 7_000,
      reviewEffectAt: undefined,
    });
    ledger.now += 7_000;
    expect(ledger.when({ type: 'ExpirePayment', paymentId: 'p' }).events).toHaveLength(1);
  });

  test('is refused for what is not in review', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60 });
    expect(refusal(ledger.when(decide('approve')))).toBe('not_in_review');
    expect(refusal(ledger.when({ type: 'ApplyReview', paymentId: 'q' }))).toBe('payment_unknown');
    expect(refusal(new LedgerCase().when(decide('approve')))).toBe('payment_unknown');
    expect(wasDone(ledger.when(applied))).toBe(true);
  });
});

describe('facts that move no money', () => {
  const signal = (kind: string): Command => {
    const fields = { signalId: 's', kind, occurredAt: 1, account: 'a' };
    return { type: 'RecordSignal', ...fields, bodyDigest: digestOf(fields), entityKeys: new Uint8Array() };
  };
  const label = (
    paymentId: string,
    labelId = 'l',
    said: Partial<Pick<RecordLabel, 'label' | 'state'>> = {},
  ): Command => {
    const fields = {
      labelId,
      paymentId,
      label: 'fraud',
      source: 'chargeback',
      observedAt: 1,
      ...said,
    } as const;
    return { type: 'RecordLabel', ...fields, bodyDigest: digestOf(fields), entityKeys: new Uint8Array() };
  };

  test('a signal is recorded once by its id, without what only ingest knows', () => {
    const ledger = new LedgerCase();
    expect(ledger.when(signal('login')).events[0]).not.toHaveProperty('entityKeys');
    ledger.given(signal('login'));
    expect(wasDone(ledger.when(signal('login')))).toBe(true);
    expect(refusal(ledger.when(signal('login_failed')))).toBe('id_taken');
  });

  test('a label is recorded once, on a payment that there is, and shows in its version', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60 });
    const { version } = ledger.payment('p');
    expect(refusal(ledger.when(label('q')))).toBe('payment_unknown');
    ledger.given(label('p'));
    expect(ledger.payment('p').version).toBe(version + 1);
    expect(wasDone(ledger.when(label('p')))).toBe(true);
    expect(refusal(ledger.when(label('q')))).toBe('id_taken');
  });

  test('a label says what it turns its payment into, where the payment was not that before', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60 });
    const turnOf = (labelId: string, said: Partial<Pick<RecordLabel, 'label' | 'state'>>) => {
      const command = label('p', labelId, said);
      const [event] = ledger.when(command).events;
      ledger.given(command);
      return event?.type === 'LabelRecorded' ? event.turns : 'no label';
    };
    expect(turnOf('l1', { label: 'legitimate' })).toBeUndefined();
    expect(turnOf('l2', { state: 'open' })).toBe('fraud');
    expect(turnOf('l3', { state: 'lost' })).toBeUndefined();
    expect(turnOf('l4', { state: 'won' })).toBe('legitimate');
    expect(turnOf('l5', { label: 'legitimate' })).toBeUndefined();
    expect(turnOf('l6', {})).toBe('fraud');
  });

  test('an issuer’s answer is recorded for a payment that there is', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60 });
    const said = (paymentId: string) => issuerAnswer({ paymentId });
    expect(ledger.when(said('p')).events).toMatchObject([
      { type: 'AuthorizationRecorded', result: 'declined' },
    ]);
    expect(refusal(ledger.when(said('q')))).toBe('payment_unknown');
  });

  test('an issuer’s answer without an id is known by its content, within its payment', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 6 }).paid({ id: 'q', amount: 6 });
    ledger.given(issuerAnswer({}));
    expect(wasDone(ledger.when(issuerAnswer({})))).toBe(true);
    expect(ledger.when(issuerAnswer({ bodyDigest: Uint8Array.of(2) })).events).toHaveLength(1);
    expect(ledger.when(issuerAnswer({ paymentId: 'q' })).events).toHaveLength(1);
  });

  test('an issuer’s answer with an id is recorded once, and its id takes no other content', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60 });
    ledger.given(issuerAnswer({ authorizationId: 'a' }));
    const { version } = ledger.payment('p');
    expect(wasDone(ledger.when(issuerAnswer({ authorizationId: 'a' })))).toBe(true);
    const other = issuerAnswer({ authorizationId: 'a', bodyDigest: Uint8Array.of(2) });
    expect(refusal(ledger.when(other))).toBe('id_taken');
    ledger.given(issuerAnswer({ authorizationId: 'b' }));
    expect(ledger.payment('p').version).toBe(version + 1);
  });
});
