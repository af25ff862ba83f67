import { describe, expect, test } from 'vitest';
import type { Command } from '#src/domain/commands.ts';
import { openCommand, transferCommand } from '#test/support/flow-harness.ts';
import { LedgerCase } from '#test/support/ledger-case.ts';

const freeze = (account: string, direction: 'debits' | 'credits'): Command => ({
  type: 'FreezeAccount',
  account,
  direction,
  reason: 'test',
});
const close = (account: string): Command => ({ type: 'CloseAccount', account, reason: 'test' });

describe('a payment that arrives', () => {
  test('reserves its funds on both sides under a hold of its own', () => {
    const ledger = new LedgerCase()
      .funded(100)
      .received({ id: 'p1', amount: 30 })
      .received({ id: 'p2', amount: 70 });
    expect(ledger.balances('a')).toEqual([100n, 100n, 0n]);
    expect(ledger.balances('shop')).toEqual([0n, 0n, 100n]);
    expect(ledger.account('a').openHolds).toBe(2);
    expect([ledger.payment('p1').hold, ledger.payment('p2').hold]).toEqual([1, 2]);
    expect(ledger.payment('p1')).toMatchObject({ status: 'pending', awaiting: 'decision', version: 1 });
  });

  test.each<[string, (ledger: LedgerCase) => unknown]>([
    ['debtor_unknown', (ledger) => ledger.receive({ id: 'p', debtor: 'nobody' }).rejection],
    ['creditor_unknown', (ledger) => ledger.receive({ id: 'p', creditor: 'nobody' }).rejection],
    ['debtor_closed', (ledger) => ledger.given(close('a')).receive({ id: 'p' }).rejection],
    ['creditor_closed', (ledger) => ledger.given(close('shop')).receive({ id: 'p' }).rejection],
    ['debtor_frozen', (ledger) => ledger.given(freeze('a', 'debits')).receive({ id: 'p' }).rejection],
    ['creditor_frozen', (ledger) => ledger.given(freeze('shop', 'credits')).receive({ id: 'p' }).rejection],
    ['asset_mismatch', (ledger) => ledger.receive({ id: 'p', asset: 'USD' }).rejection],
    ['insufficient_funds', (ledger) => ledger.receive({ id: 'p', amount: 101 }).rejection],
    [
      'insufficient_funds',
      (ledger) => ledger.received({ id: 'q', amount: 50 }).receive({ id: 'p', amount: 51 }).rejection,
    ],
  ])('is rejected: %s', (reason, rejectionIn) => {
    expect(rejectionIn(new LedgerCase().funded(100))).toBe(reason);
  });

  test('is not hindered by a freeze of the other direction', () => {
    const ledger = new LedgerCase().funded(100).given(freeze('a', 'credits'), freeze('shop', 'debits'));
    expect(ledger.receive({ id: 'p', amount: 100 }).rejection).toBeUndefined();
  });

  test('that is rejected is recorded, has no hold and opens nothing', () => {
    const ledger = new LedgerCase({ openOnFirstUse: true }).funded(100);
    const { events } = ledger.receive({ id: 'p', amount: 101, creditor: 'new shop' });
    expect(events.map(({ type }) => type)).toEqual(['PaymentReceived', 'PaymentRejected']);
    ledger.apply(events);
    expect(ledger.payment('p')).toMatchObject({ status: 'rejected', hold: undefined, awaiting: undefined });
    expect(ledger.balances('a')).toEqual([100n, 0n, 0n]);
  });

  test('opens its accounts on first use, the debtor’s with overdraft', () => {
    const ledger = new LedgerCase({ openOnFirstUse: true });
    expect(ledger.receive({ id: 'p' }).events).toMatchObject([
      { type: 'AccountOpened', account: 'a', overdraft: 'allowed' },
      { type: 'AccountOpened', account: 'shop', overdraft: 'forbidden' },
      { type: 'PaymentReceived', hold: 1 },
    ]);
  });

  test.each([
    ['debtor', 'debtor_unknown'],
    ['creditor', 'creditor_unknown'],
  ])('does not touch the ledger’s own accounts as %s', (side, reason) => {
    const ledger = new LedgerCase({ openOnFirstUse: true }).funded(100).paid({ id: 'q', amount: 60 });
    ledger.given(transferCommand('t', { debtor: 'shop', creditor: 'bank', amount: 60 }));
    ledger.given({ type: 'ReversePayment', paymentId: 'q', reversalId: 'cb', kind: 'chargeback' });
    expect(ledger.receive({ id: 'p', [side]: 'vouch:receivable:EUR' }).rejection).toBe(reason);
    expect(ledger.receive({ id: 'p', [side]: 'vouch:not-there' }).rejection).toBe(reason);
  });

  test.each([
    [150, undefined],
    [151, 'insufficient_funds'],
  ])('may use the overdraft up to its limit: %d is %s', (amount, rejection) => {
    const ledger = new LedgerCase().given(
      openCommand('bank', 'allowed'),
      openCommand('a', 'allowed', 50),
      openCommand('shop', 'forbidden'),
      transferCommand('t', { debtor: 'bank', creditor: 'a', amount: 100 }),
    );
    expect(ledger.receive({ id: 'p', amount }).rejection).toBe(rejection);
  });

  test('of nothing, a verification, holds nothing', () => {
    const ledger = new LedgerCase().funded(0).received({ id: 'p', amount: 0, channel: 'verification' });
    expect(ledger.payment('p')).toMatchObject({ hold: undefined, verification: true, status: 'pending' });
    ledger.apply(ledger.settled('p', 'deny'));
    expect(ledger.payment('p').status).toBe('recorded');
  });
});

describe('a decision on a payment', () => {
  test('to approve posts it, and names policy and decision', () => {
    const ledger = new LedgerCase().funded(100).received({ id: 'p', amount: 30 });
    const events = ledger.settled('p', 'approve');
    expect(events.at(-1)).toMatchObject({
      type: 'PaymentPosted',
      transaction: { id: 2, approval: { kind: 'policy', ref: 'policy-1#1' } },
    });
    ledger.apply(events);
    expect(ledger.balances('a')).toEqual([70n, 0n, 0n]);
    expect(ledger.balances('shop')).toEqual([30n, 0n, 0n]);
    expect(ledger.payment('p')).toMatchObject({
      status: 'posted',
      captured: 30,
      awaiting: undefined,
      version: 3,
    });
    expect(ledger.account('a').openHolds).toBe(0);
  });

  test('to deny frees the hold and posts nothing', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 30 }, 'deny');
    expect(ledger.balances('a')).toEqual([100n, 0n, 0n]);
    expect(ledger.payment('p')).toMatchObject({ status: 'denied', captured: 0 });
    expect(ledger.account('shop').openHolds).toBe(0);
  });

  test.each([
    { outcome: 'review', step: 'score', awaiting: 'review', waitMs: 2_000 },
    { outcome: 'review', step: 'degraded', awaiting: 'rescore', waitMs: 4_000 },
    { outcome: 'challenge', step: 'score', awaiting: 'challenge', waitMs: 1_000 },
  ] as const)('to $outcome by $step lets it wait for $awaiting, $waitMs ms', (each) => {
    const { outcome, step, awaiting, waitMs } = each;
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 30 }, outcome, step);
    expect(ledger.payment('p')).toMatchObject({ status: 'pending', awaiting, until: ledger.now + waitMs });
    expect(ledger.balances('a')).toEqual([100n, 30n, 0n]);
  });

  test('to approve a payment with manual capture lets it wait for that, 7000 ms', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 30, capture: 'manual' });
    expect(ledger.payment('p')).toMatchObject({ awaiting: 'capture', until: ledger.now + 7_000 });
  });

  test('that is taken once more counts on', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 30 }, 'review', 'degraded');
    ledger.apply(ledger.settled('p', 'approve'));
    expect(ledger.payment('p')).toMatchObject({ status: 'posted', decisions: 2, outcome: 'approve' });
    expect(ledger.payment('p').approval).toEqual({ kind: 'policy', ref: 'policy-1#2' });
  });

  test('does not end a payment that has ended', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 30 });
    expect(() => ledger.apply([{ type: 'PaymentVoided', paymentId: 'p' }])).toThrow(
      /has ended already: posted/,
    );
  });
});
