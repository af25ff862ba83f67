import { describe, expect, test } from 'vitest';
import type { Command } from '#src/domain/commands.ts';
import { openCommand, transferCommand } from '#test/support/flow-harness.ts';
import { LedgerCase, refusal, wasDone } from '#test/support/ledger-case.ts';

const freeze = (account: string, direction: 'debits' | 'credits' | 'both' = 'both'): Command => ({
  type: 'FreezeAccount',
  account,
  direction,
  reason: 'test',
});
const unfreeze = (account: string, direction: 'debits' | 'credits' | 'both' = 'both'): Command => ({
  type: 'UnfreezeAccount',
  account,
  direction,
  reason: 'test',
});
const close = (account: string): Command => ({ type: 'CloseAccount', account, reason: 'test' });
const move = (amount: number, parties: { debtor?: string; creditor?: string; id?: string } = {}) => {
  const { debtor = 'a', creditor = 'shop', id = 't' } = parties;
  return transferCommand(id, { debtor, creditor, amount });
};

describe('opening an account', () => {
  test('is done once: the same again does nothing, other terms are refused', () => {
    const ledger = new LedgerCase().given(openCommand('a', 'allowed', 50));
    expect(wasDone(ledger.when(openCommand('a', 'allowed', 50)))).toBe(true);
    expect(refusal(ledger.when(openCommand('a', 'allowed', 51)))).toBe('id_taken');
    expect(ledger.account('a')).toMatchObject({ overdraft: 'allowed', overdraftLimit: 50, posted: 0n });
  });

  test('under a name of the ledger’s own is refused', () => {
    expect(refusal(new LedgerCase().when(openCommand('vouch:receivable:EUR', 'allowed')))).toBe(
      'name_reserved',
    );
  });
});

describe('freezing an account', () => {
  test('stops the direction that it names, and unfreezing one direction leaves the other', () => {
    const ledger = new LedgerCase().given(openCommand('a', 'allowed'), freeze('a'), unfreeze('a', 'debits'));
    expect(ledger.account('a')).toMatchObject({ debitsFrozen: false, creditsFrozen: true });
    ledger.given(unfreeze('a', 'credits'), freeze('a', 'debits'));
    expect(ledger.account('a')).toMatchObject({ debitsFrozen: true, creditsFrozen: false });
  });

  test.each([
    ['both', 'debits'],
    ['both', 'credits'],
    ['both', 'both'],
    ['debits', 'debits'],
  ] as const)('that is frozen for %s does nothing more for %s', (frozen, again) => {
    const ledger = new LedgerCase().given(openCommand('a', 'allowed'), freeze('a', frozen));
    expect(wasDone(ledger.when(freeze('a', again)))).toBe(true);
  });

  test('for both is an event where only one direction is frozen', () => {
    const ledger = new LedgerCase().given(openCommand('a', 'allowed'), freeze('a', 'debits'));
    expect(ledger.when(freeze('a')).events).toMatchObject([{ type: 'AccountFrozen', direction: 'both' }]);
  });

  test('is refused for one that does not exist or is closed', () => {
    const ledger = new LedgerCase().given(openCommand('a', 'allowed'), close('a'));
    expect(refusal(ledger.when(freeze('b')))).toBe('account_unknown');
    expect(refusal(ledger.when(freeze('a')))).toBe('account_closed');
    expect(refusal(ledger.when(unfreeze('a')))).toBe('account_closed');
  });
});

describe('closing an account', () => {
  test('is done once, and for good', () => {
    const ledger = new LedgerCase().given(openCommand('a', 'allowed'), close('a'));
    expect(ledger.account('a').status).toBe('closed');
    expect(wasDone(ledger.when(close('a')))).toBe(true);
    expect(refusal(ledger.when(close('b')))).toBe('account_unknown');
  });

  test.each(['a', 'shop'])('is refused while a hold is open on it: %s', (id) => {
    const ledger = new LedgerCase().funded(100).received({ id: 'p', amount: 10 });
    expect(refusal(ledger.when(close(id)))).toBe('account_in_use');
  });

  test('is refused for an account of the ledger’s own', () => {
    const ledger = new LedgerCase()
      .funded(100)
      .paid({ id: 'p', amount: 60 })
      .given(move(60, { debtor: 'shop', creditor: 'bank' }));
    ledger.given({ type: 'ReversePayment', paymentId: 'p', reversalId: 'cb', kind: 'chargeback' });
    expect(refusal(ledger.when(close('vouch:receivable:EUR')))).toBe('name_reserved');
  });
});

describe('a transfer', () => {
  test('moves the money, and names the operator who vouches for it', () => {
    const ledger = new LedgerCase().funded(100);
    expect(ledger.when(move(30)).events).toEqual([
      {
        type: 'TransferPosted',
        transferId: 't',
        reason: 'test',
        bodyDigest: expect.any(Uint8Array) as Uint8Array,
        transaction: {
          id: 2,
          approval: { kind: 'operator', ref: 'token:ops' },
          postings: [
            { account: 'a', asset: 'EUR', amount: -30n, balance: 70n },
            { account: 'shop', asset: 'EUR', amount: 30n, balance: 30n },
          ],
        },
      },
    ]);
  });

  test('is posted once: the same again does nothing, another under its id is refused', () => {
    const ledger = new LedgerCase().funded(100).given(move(30));
    expect(wasDone(ledger.when(move(30)))).toBe(true);
    expect(refusal(ledger.when(move(31)))).toBe('id_taken');
    expect(ledger.balances('shop')).toEqual([30n, 0n, 0n]);
  });

  test.each<[string, string, (ledger: LedgerCase) => Command]>([
    ['from an unknown account', 'account_unknown', () => move(1, { debtor: 'nobody' })],
    ['to an unknown account', 'account_unknown', () => move(1, { creditor: 'nobody' })],
    [
      'to one of the ledger’s own that is not needed yet',
      'account_unknown',
      () => move(1, { creditor: 'vouch:suspense:EUR' }),
    ],
    ['from a closed account', 'account_closed', (ledger) => (ledger.given(close('a')), move(1))],
    ['to a closed account', 'account_closed', (ledger) => (ledger.given(close('shop')), move(1))],
    [
      'from one that takes no debits',
      'account_frozen',
      (ledger) => (ledger.given(freeze('a', 'debits')), move(1)),
    ],
    [
      'to one that takes no credits',
      'account_frozen',
      (ledger) => (ledger.given(freeze('shop', 'credits')), move(1)),
    ],
    ['above the balance', 'insufficient_funds', () => move(101)],
    [
      'above what holds leave',
      'insufficient_funds',
      (ledger) => (ledger.received({ id: 'p', amount: 40 }), move(61)),
    ],
    ['in another asset', 'asset_mismatch', () => ({ ...move(1), asset: 'USD' }) as Command],
  ])('%s is refused: %s', (_what, expected, command) => {
    const ledger = new LedgerCase().funded(100);
    expect(refusal(ledger.when(command(ledger)))).toBe(expected);
  });

  test('passes a freeze of the other direction, and takes the last cent that holds leave', () => {
    const ledger = new LedgerCase().funded(100).received({ id: 'p', amount: 40 });
    ledger.given(freeze('a', 'credits'), freeze('shop', 'debits'), move(60));
    expect(ledger.balances('a')).toEqual([40n, 40n, 0n]);
  });

  test.each([
    [50, true],
    [51, false],
  ])('may take an account with an overdraft limit of 50 down by %d: %s', (amount, allowed) => {
    const ledger = new LedgerCase().given(openCommand('a', 'allowed', 50), openCommand('shop', 'forbidden'));
    expect(ledger.when(move(amount)).events.length > 0).toBe(allowed);
  });

  test('opens accounts on first use only where that is allowed, the debtor’s with overdraft', () => {
    const ledger = new LedgerCase({ openOnFirstUse: true });
    expect(ledger.when(move(5)).events).toMatchObject([
      { type: 'AccountOpened', account: 'a', overdraft: 'allowed' },
      { type: 'AccountOpened', account: 'shop', overdraft: 'forbidden' },
      { type: 'TransferPosted' },
    ]);
    expect(refusal(ledger.when(move(5, { creditor: 'vouch:mine' })))).toBe('account_unknown');
  });

  test('keeps balances far above 2^53 exact', () => {
    const ledger = new LedgerCase().given(openCommand('a', 'allowed'), openCommand('shop', 'forbidden'));
    for (const id of ['t1', 't2', 't3']) ledger.given(move(Number.MAX_SAFE_INTEGER, { id }));
    expect(ledger.balances('shop')[0]).toBe(3n * (2n ** 53n - 1n));
    expect(ledger.balances('a')[0]).toBe(-3n * (2n ** 53n - 1n));
  });
});
