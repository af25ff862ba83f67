import { describe, expect, test } from 'vitest';
import type { ReversePayment } from '#src/domain/commands.ts';
import { receivableAccount } from '#src/domain/ledger/system-accounts.ts';
import { transferCommand } from '#test/support/flow-harness.ts';
import { AWAY, HOME, TwoShards } from '#test/support/two-shards.ts';

function reversal(paymentId: string, more: Partial<ReversePayment> = {}): ReversePayment {
  return { type: 'ReversePayment', paymentId, reversalId: 'r1', kind: 'refund', ...more };
}

/** A payment of 300 that the shop has. */
async function paid(): Promise<{ shards: TwoShards; id: string }> {
  const shards = await TwoShards.funded(1_000);
  const id = shards.id('p');
  await shards.pay({ id, amount: 300 });
  await shards.cluster.settle();
  return { shards, id };
}

/** The shop has spent what it was paid. */
async function spent(shards: TwoShards, amount: number): Promise<void> {
  const creditor = shards.cluster.accountIn(HOME, 'bank');
  await shards.away(transferCommand('spent', { debtor: shards.shop, creditor, amount }));
  await shards.cluster.settle();
}

describe('a reversal whose creditor is in another shard', () => {
  test('reserves its amount, is seen as pending, and finishes when the money is back', async () => {
    const { shards, id } = await paid();
    await shards.home(reversal(id, { amount: 200 }));
    expect(shards.payment(id)).toMatchObject({ reversed: 0, pendingReversals: [{ id: 'r1', amount: 200 }] });
    expect(await shards.home(reversal(id, { reversalId: 'r2', amount: 101 }))).toMatchObject({
      refusal: 'amount_too_large',
    });
    await shards.there();
    expect(shards.posted(AWAY, shards.shop)).toBe(100n);
    await shards.back();
    expect(shards.payment(id)).toMatchObject({ reversed: 200, pendingReversals: [] });
    expect(shards.posted(HOME, shards.customer)).toBe(900n);
  });

  test('does nothing when it is asked again, pending or done', async () => {
    const { shards, id } = await paid();
    await shards.home(reversal(id));
    expect(await shards.home(reversal(id))).toMatchObject({ created: false });
    expect(await shards.home(reversal(id, { amount: 1 }))).toMatchObject({ refusal: 'id_taken' });
    await shards.cluster.settle();
    expect(await shards.home(reversal(id))).toMatchObject({ created: false });
  });

  test('that the creditor cannot bear is refused, and frees what it reserved', async () => {
    const { shards, id } = await paid();
    await spent(shards, 250);
    await shards.home(reversal(id));
    await shards.cluster.settle();
    expect(shards.payment(id)).toMatchObject({ reversed: 0, pendingReversals: [] });
    expect(shards.lastEvents(HOME)).toContainEqual(
      expect.objectContaining({ type: 'ReversalRefused', reason: 'insufficient_funds' }),
    );
    await shards.home(reversal(id, { amount: 50 }));
    await shards.cluster.settle();
    expect(shards.payment(id).reversed).toBe(50);
  });

  test('that has happened outside is posted, and what the creditor cannot bear it owes', async () => {
    const { shards, id } = await paid();
    await spent(shards, 250);
    await shards.home(reversal(id, { kind: 'chargeback' }));
    await shards.cluster.settle();
    expect(shards.payment(id).reversed).toBe(300);
    expect(shards.posted(HOME, shards.customer)).toBe(1_000n);
    expect(shards.posted(AWAY, receivableAccount('EUR'))).toBe(-250n);
    expect(shards.cluster.shard(AWAY).accounts.get(shards.shop)?.receivable).toBe(250n);
  });

  test('waits for money that is still on its way to the creditor', async () => {
    const shards = await TwoShards.funded(1_000);
    const id = shards.id('p');
    await shards.pay({ id, amount: 300 });
    await shards.home(reversal(id, { kind: 'chargeback' }));
    expect(shards.payment(id).pendingReversals).toMatchObject([{ isSent: false }]);
    await shards.cluster.settle();
    expect(shards.payment(id)).toMatchObject({ reversed: 300, pendingReversals: [] });
    expect(shards.posted(HOME, shards.customer)).toBe(1_000n);
  });

  test('of a payment that comes back has nothing to reverse', async () => {
    const shards = await TwoShards.funded(1_000);
    const id = shards.id('p');
    await shards.pay({ id, amount: 300, creditor: shards.cluster.accountIn(AWAY, 'nobody') });
    await shards.home(reversal(id, { kind: 'chargeback' }));
    await shards.cluster.settle();
    expect(shards.payment(id)).toMatchObject({ reversed: 0, returned: 300, pendingReversals: [] });
    expect(shards.posted(HOME, shards.customer)).toBe(1_000n);
  });

  test('that has happened outside takes what there is, where a part of the payment came back', async () => {
    const shards = await TwoShards.funded(1_000);
    const paymentId = shards.id('p');
    await shards.pay({ id: paymentId, amount: 300, capture: 'manual' });
    const capture = { type: 'CapturePayment', paymentId } as const;
    await shards.home({ ...capture, captureId: 'c1', amount: 100 });
    await shards.cluster.settle();
    const frozen = { account: shards.shop, direction: 'credits', reason: 'test' } as const;
    await shards.away({ type: 'FreezeAccount', ...frozen });
    await shards.home({ ...capture, captureId: 'c2', amount: 200 });
    await shards.home(reversal(paymentId, { kind: 'chargeback' }));
    await shards.cluster.settle();
    expect(shards.payment(paymentId)).toMatchObject({ captured: 300, returned: 200, reversed: 100 });
    expect(shards.posted(HOME, shards.customer)).toBe(1_000n);
  });

  test('keeps the debtor’s account open until it is over', async () => {
    const { shards, id } = await paid();
    await spent(shards, 300);
    await shards.home(
      transferCommand('out', {
        debtor: shards.customer,
        creditor: shards.cluster.accountIn(HOME, 'bank'),
        amount: 700,
      }),
    );
    await shards.home(reversal(id));
    const close = { type: 'CloseAccount', account: shards.customer, reason: 'test' } as const;
    expect(await shards.home(close)).toMatchObject({ refusal: 'account_in_use' });
    await shards.cluster.settle();
    expect(await shards.home(close)).toMatchObject({ created: true });
  });
});
