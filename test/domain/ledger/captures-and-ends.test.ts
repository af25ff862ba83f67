import { describe, expect, test } from 'vitest';
import type { CapturePayment, Command } from '#src/domain/commands.ts';
import { LedgerCase, refusal, wasDone } from '#test/support/ledger-case.ts';

const capture = (parts: Partial<CapturePayment> = {}): Command => ({
  type: 'CapturePayment',
  paymentId: 'p',
  ...parts,
});
const voiding: Command = { type: 'VoidPayment', paymentId: 'p' };
const expiring: Command = { type: 'ExpirePayment', paymentId: 'p' };
const held = () => new LedgerCase().funded(100).paid({ id: 'p', amount: 60, capture: 'manual' });

describe('a capture', () => {
  test('without id or amount takes all at once, and is the only one', () => {
    const ledger = held().given(capture());
    expect(ledger.payment('p')).toMatchObject({ status: 'posted', captured: 60, awaiting: undefined });
    expect(ledger.balances('a')).toEqual([40n, 0n, 0n]);
    expect(wasDone(ledger.when(capture()))).toBe(true);
    expect(wasDone(ledger.when(capture({ amount: 60 })))).toBe(true);
    expect(refusal(ledger.when(capture({ amount: 59 })))).toBe('id_taken');
    expect(refusal(ledger.when(capture({ captureId: 'c2', amount: 1 })))).toBe('not_capturable');
  });

  test('without id and of less is final, and releases the rest', () => {
    const ledger = held().given(capture({ amount: 20 }));
    expect(ledger.payment('p')).toMatchObject({ status: 'posted', captured: 20 });
    expect(ledger.balances('a')).toEqual([80n, 0n, 0n]);
    expect(ledger.balances('shop')).toEqual([20n, 0n, 0n]);
    expect(ledger.account('a').openHolds).toBe(0);
  });

  test('in parts goes on until the full amount is taken', () => {
    const ledger = held().given(capture({ captureId: 'c1', amount: 20 }));
    expect(ledger.payment('p')).toMatchObject({ status: 'pending', awaiting: 'capture', captured: 20 });
    expect(ledger.balances('a')).toEqual([80n, 40n, 0n]);
    expect(ledger.account('a').openHolds).toBe(1);
    expect(wasDone(ledger.when(capture({ captureId: 'c1', amount: 20 })))).toBe(true);
    expect(refusal(ledger.when(capture({ captureId: 'c1', amount: 21 })))).toBe('id_taken');
    expect(refusal(ledger.when(capture({ captureId: 'c2', amount: 41 })))).toBe('amount_too_large');
    const { events } = ledger.when(capture({ captureId: 'c2', amount: 40 }));
    expect(events).toMatchObject([{ type: 'PaymentCaptured', final: true }]);
    ledger.apply(events);
    expect(ledger.payment('p')).toMatchObject({ status: 'posted', captured: 60 });
    expect(ledger.balances('a')).toEqual([40n, 0n, 0n]);
  });

  test('that says it is final ends the payment and frees what is left', () => {
    const ledger = held().given(capture({ captureId: 'c1', amount: 20, final: true }));
    expect(ledger.payment('p').status).toBe('posted');
    expect(ledger.balances('shop')).toEqual([20n, 0n, 0n]);
    expect(ledger.account('shop').openHolds).toBe(0);
  });

  test('names what let the payment pass, policy or reviewer', () => {
    expect(held().when(capture()).events).toMatchObject([
      { transaction: { approval: { kind: 'policy', ref: 'policy-1#1' } } },
    ]);
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60, capture: 'manual' }, 'review');
    ledger.actor = 'token:reviewer';
    ledger.given({ type: 'DecideReview', paymentId: 'p', outcome: 'approve', reason: 'known' });
    ledger.actor = 'token:shop';
    expect(ledger.when(capture()).events).toMatchObject([
      { transaction: { approval: { kind: 'reviewer', ref: 'token:reviewer' } } },
    ]);
  });

  test('is refused for a payment that does not wait for it', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 10 }, 'review');
    expect(refusal(ledger.when(capture()))).toBe('not_capturable');
    expect(refusal(ledger.when({ ...capture(), paymentId: 'q' } as Command))).toBe('payment_unknown');
  });
});

describe('calling a payment back', () => {
  test.each(['review', 'challenge'] as const)('ends it while it waits for %s, once', (outcome) => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60 }, outcome).given(voiding);
    expect(ledger.payment('p')).toMatchObject({ status: 'voided', awaiting: undefined, until: undefined });
    expect(ledger.balances('a')).toEqual([100n, 0n, 0n]);
    expect(wasDone(ledger.when(voiding))).toBe(true);
  });

  test('after a part was captured leaves that posted', () => {
    const ledger = held().given(capture({ captureId: 'c1', amount: 20 }), voiding);
    expect(ledger.payment('p')).toMatchObject({ status: 'posted', captured: 20 });
    expect(ledger.balances('a')).toEqual([80n, 0n, 0n]);
    expect(ledger.balances('shop')).toEqual([20n, 0n, 0n]);
    expect(wasDone(ledger.when(voiding))).toBe(true);
  });

  test('after a final capture of a part is refused, because that ended it', () => {
    const ledger = held().given(capture({ captureId: 'c1', amount: 20, final: true }));
    expect(refusal(ledger.when(voiding))).toBe('not_voidable');
  });

  test('is refused when it has ended otherwise, or is not known', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60 });
    expect(refusal(ledger.when(voiding))).toBe('not_voidable');
    expect(refusal(ledger.when({ type: 'VoidPayment', paymentId: 'q' }))).toBe('payment_unknown');
  });
});

describe('an expiry', () => {
  test('does nothing before the deadline, and at it ends what waits', () => {
    const ledger = held();
    ledger.now += 6_999;
    expect(wasDone(ledger.when(expiring))).toBe(true);
    ledger.now += 1;
    expect(ledger.when(expiring).events).toEqual([
      { type: 'PaymentExpired', paymentId: 'p', awaiting: 'capture' },
    ]);
    ledger.given(expiring);
    expect(ledger.payment('p').status).toBe('expired');
    expect(ledger.balances('a')).toEqual([100n, 0n, 0n]);
    expect(wasDone(ledger.when(expiring))).toBe(true);
  });

  test('after a part was captured leaves that posted, and frees the rest', () => {
    const ledger = held().given(capture({ captureId: 'c1', amount: 20 }));
    ledger.now += 7_000;
    ledger.given(expiring);
    expect(ledger.payment('p')).toMatchObject({ status: 'posted', captured: 20 });
    expect(ledger.account('shop')).toMatchObject({ posted: 20n, heldCredits: 0n, openHolds: 0 });
  });

  test('does nothing to a payment that is not decided yet, and is refused for none', () => {
    const ledger = new LedgerCase().funded(100).received({ id: 'p', amount: 60 });
    ledger.now += 1_000_000;
    expect(wasDone(ledger.when(expiring))).toBe(true);
    expect(refusal(ledger.when({ type: 'ExpirePayment', paymentId: 'q' }))).toBe('payment_unknown');
  });
});
