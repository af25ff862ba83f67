import { describe, expect, test } from 'vitest';
import type { Command, ReversePayment } from '#src/domain/commands.ts';
import { openCommand, transferCommand } from '#test/support/flow-harness.ts';
import { LedgerCase, refusal, wasDone } from '#test/support/ledger-case.ts';

const reverse = (parts: Partial<ReversePayment> = {}): Command => ({
  type: 'ReversePayment',
  paymentId: 'p',
  reversalId: 'r1',
  kind: 'refund',
  ...parts,
});
const chargeback = (parts: Partial<ReversePayment> = {}) => reverse({ kind: 'chargeback', ...parts });
const spend = (amount: number, id = 'spend') =>
  transferCommand(id, { debtor: 'shop', creditor: 'bank', amount });
const change = (type: 'FreezeAccount' | 'CloseAccount', account: string): Command =>
  type === 'CloseAccount'
    ? { type, account, reason: 'test' }
    : { type, account, direction: 'both', reason: 'test' };
const posted = () => new LedgerCase().funded(100).paid({ id: 'p', amount: 60 });
const RECEIVABLE = 'vouch:receivable:EUR';
const SUSPENSE = 'vouch:suspense:EUR';

describe('a refund', () => {
  test('goes back as a transaction of its own that the operator vouches for', () => {
    const ledger = posted();
    expect(ledger.when(reverse({ amount: 20, reference: 'case 7' })).events).toEqual([
      {
        type: 'PaymentReversed',
        paymentId: 'p',
        reversalId: 'r1',
        kind: 'refund',
        amount: 20,
        reference: 'case 7',
        receivable: 0,
        transaction: {
          id: 3,
          approval: { kind: 'operator', ref: 'token:ops' },
          postings: [
            { account: 'shop', asset: 'EUR', amount: -20n, balance: 40n },
            { account: 'a', asset: 'EUR', amount: 20n, balance: 60n },
          ],
        },
      },
    ]);
  });

  test('may be repeated up to what was captured, each id once', () => {
    const ledger = posted().given(reverse({ amount: 20 }), reverse({ reversalId: 'r2', amount: 30 }));
    expect(wasDone(ledger.when(reverse({ amount: 20 })))).toBe(true);
    expect(wasDone(ledger.when(reverse()))).toBe(true);
    expect(refusal(ledger.when(reverse({ amount: 21 })))).toBe('id_taken');
    expect(refusal(ledger.when(reverse({ reversalId: 'r3', amount: 11 })))).toBe('amount_too_large');
    ledger.given(reverse({ reversalId: 'r3' }));
    expect(ledger.payment('p')).toMatchObject({ captured: 60, reversed: 60 });
    expect(ledger.balances('a')).toEqual([100n, 0n, 0n]);
  });

  test('without an amount is refused when nothing is left', () => {
    const ledger = posted().given(reverse());
    expect(refusal(ledger.when(reverse({ reversalId: 'r2' })))).toBe('amount_too_large');
    expect(refusal(ledger.when(chargeback({ reversalId: 'r2' })))).toBe('amount_too_large');
  });

  test.each<[string, string, (ledger: LedgerCase) => LedgerCase]>([
    ['the creditor has spent the money', 'insufficient_funds', (ledger) => ledger.given(spend(1))],
    [
      'the creditor takes no debits',
      'account_frozen',
      (ledger) => ledger.given(change('FreezeAccount', 'shop')),
    ],
    ['the debtor takes no credits', 'account_frozen', (ledger) => ledger.given(change('FreezeAccount', 'a'))],
    ['the creditor is closed', 'account_closed', (ledger) => ledger.given(change('CloseAccount', 'shop'))],
    ['the debtor is closed', 'account_closed', (ledger) => ledger.given(change('CloseAccount', 'a'))],
  ])('is refused when %s: %s', (_what, expected, prepare) => {
    expect(refusal(prepare(posted()).when(reverse()))).toBe(expected);
  });

  test('is refused for what is not posted', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60 }, 'deny');
    expect(refusal(ledger.when(reverse()))).toBe('not_reversible');
    expect(refusal(ledger.when(reverse({ paymentId: 'q' })))).toBe('payment_unknown');
  });

  test('of a payment that is captured in part goes up to that part', () => {
    const ledger = new LedgerCase().funded(100).paid({ id: 'p', amount: 60, capture: 'manual' });
    ledger.given({ type: 'CapturePayment', paymentId: 'p', captureId: 'c1', amount: 20 });
    expect(refusal(ledger.when(reverse({ amount: 21 })))).toBe('amount_too_large');
    ledger.given(reverse({ amount: 20 }), { type: 'CapturePayment', paymentId: 'p', captureId: 'c2' });
    expect(ledger.payment('p')).toMatchObject({ status: 'posted', captured: 60, reversed: 20 });
  });
});

describe('a chargeback', () => {
  test('that the creditor can bear takes it from there, and is an external fact', () => {
    const ledger = posted().given(chargeback({ reference: 'cb-9' }));
    expect(ledger.balances('shop')).toEqual([0n, 0n, 0n]);
    expect(ledger.account('shop').receivable).toBe(0n);
    expect(posted().when(chargeback({ reference: 'cb-9' })).events).toMatchObject([
      { receivable: 0, transaction: { approval: { kind: 'external_fact', ref: 'cb-9' } } },
    ]);
    expect(posted().when(chargeback()).events).toMatchObject([{ transaction: { approval: { ref: 'r1' } } }]);
  });

  test('beyond what the creditor has is owed: the rest comes from the receivable account', () => {
    const ledger = posted().given(spend(45));
    const { events } = ledger.when(chargeback());
    expect(events).toMatchObject([
      { type: 'AccountOpened', account: RECEIVABLE, overdraft: 'allowed' },
      {
        type: 'PaymentReversed',
        receivable: 45,
        transaction: {
          postings: [
            { account: 'shop', amount: -15n, balance: 0n },
            { account: RECEIVABLE, amount: -45n, balance: -45n },
            { account: 'a', amount: 60n, balance: 100n },
          ],
        },
      },
    ]);
    ledger.apply(events);
    expect(ledger.account('shop').receivable).toBe(45n);
  });

  test('spares what is held for other payments, and leaves out a creditor who has nothing', () => {
    const ledger = posted().given(openCommand('b', 'forbidden'));
    ledger.received({ id: 'q', debtor: 'shop', creditor: 'b', amount: 60 });
    const { events } = ledger.when(chargeback());
    expect(events.at(-1)).toMatchObject({
      receivable: 60,
      transaction: { postings: [{ account: RECEIVABLE }, { account: 'a' }] },
    });
  });

  test.each([
    ['allowed', 20, 40n],
    ['allowed', undefined, 0n],
    ['forbidden', undefined, 60n],
  ] as const)('uses an overdraft %s, limit %s, before anything is owed: %s', (overdraft, limit, owed) => {
    const ledger = new LedgerCase().given(
      openCommand('bank', 'allowed'),
      openCommand('a', 'allowed'),
      openCommand('shop', overdraft, limit),
    );
    ledger.paid({ id: 'p', amount: 60 }).given(spend(60), chargeback());
    expect(ledger.account('shop').receivable).toBe(owed);
  });

  test('is posted whatever became of the accounts: a debtor who takes nothing has it in suspense', () => {
    for (const became of ['FreezeAccount', 'CloseAccount'] as const) {
      const ledger = posted().given(change(became, 'a'), change(became, 'shop'), chargeback());
      expect(ledger.balances(SUSPENSE)).toEqual([60n, 0n, 0n]);
      expect(ledger.balances('a')).toEqual([40n, 0n, 0n]);
      expect(ledger.payment('p').reversed).toBe(60);
    }
  });

  test('that is owed blocks the creditor’s payments until the operator has cleared it', () => {
    const ledger = posted().given(spend(60), chargeback(), openCommand('b', 'forbidden'));
    ledger.given(transferCommand('t1', { debtor: 'bank', creditor: 'shop', amount: 100 }));
    const paying = { id: 'q', debtor: 'shop', creditor: 'b', amount: 1 };
    expect(ledger.receive(paying).rejection).toBe('receivable_outstanding');
    ledger.given(transferCommand('t2', { debtor: 'shop', creditor: RECEIVABLE, amount: 59 }));
    expect(ledger.receive(paying).rejection).toBe('receivable_outstanding');
    ledger.given(transferCommand('t3', { debtor: 'shop', creditor: RECEIVABLE, amount: 1 }));
    expect(ledger.receive(paying).rejection).toBeUndefined();
    expect(ledger.balances(RECEIVABLE)).toEqual([0n, 0n, 0n]);
  });

  test('that is overpaid leaves nothing owed, and nothing less than that', () => {
    const ledger = posted().given(spend(60), chargeback());
    ledger.given(transferCommand('t1', { debtor: 'bank', creditor: 'shop', amount: 100 }));
    ledger.given(transferCommand('t2', { debtor: 'shop', creditor: RECEIVABLE, amount: 70 }));
    expect(ledger.account('shop').receivable).toBe(0n);
  });

  test('does not hinder the creditor from being paid', () => {
    const ledger = posted().given(spend(60), chargeback());
    expect(ledger.receive({ id: 'q', amount: 10 }).rejection).toBeUndefined();
  });

  test('is done once, a recall the same', () => {
    const ledger = posted().given(reverse({ kind: 'recall', amount: 60 }));
    expect(wasDone(ledger.when(reverse({ kind: 'recall', amount: 60 })))).toBe(true);
  });
});

describe('a transaction that does not fit', () => {
  const transaction = (postings: readonly { account: string; amount: bigint; balance: bigint }[]) => ({
    id: 9,
    approval: { kind: 'operator', ref: 'token:ops' } as const,
    postings: postings.map((posting) => ({ ...posting, asset: 'EUR' })),
  });
  const transfer = (...postings: readonly { account: string; amount: bigint; balance: bigint }[]) => ({
    type: 'TransferPosted' as const,
    transferId: 'x',
    reason: 'test',
    bodyDigest: new Uint8Array(),
    transaction: transaction(postings),
  });

  test.each([
    ['that does not balance', /does not balance/, [{ account: 'a', amount: -1n, balance: 99n }]],
    ['without postings', /fewer than two/, []],
    [
      'whose balances are not the accounts’',
      /stands at/,
      [
        { account: 'a', amount: -1n, balance: 98n },
        { account: 'shop', amount: 1n, balance: 1n },
      ],
    ],
  ])('%s is a broken log', (_what, message, postings) => {
    const ledger = new LedgerCase().funded(100);
    expect(() => ledger.apply([transfer(...postings)])).toThrow(message);
  });
});
