import { describe, expect, test } from 'vitest';
import { settlementOf } from '#src/domain/ledger/payment-state.ts';
import { suspenseAccount } from '#src/domain/ledger/system-accounts.ts';
import { transferCommand } from '#test/support/flow-harness.ts';
import { AWAY, HOME, TwoShards } from '#test/support/two-shards.ts';

describe('a payment to a creditor in another shard', () => {
  test('is in transit until that shard has answered, then settled', async () => {
    const shards = await TwoShards.funded(1_000);
    const id = shards.id('p');
    expect(await shards.pay({ id, amount: 300 })).toMatchObject({
      status: 'posted',
      settlement: 'in_transit',
    });
    expect(shards.inTransit()).toEqual([300n, 0n]);
    await shards.there();
    expect(shards.inTransit()).toEqual([300n, -300n]);
    expect(shards.posted(AWAY, shards.shop)).toBe(300n);
    await shards.back();
    expect(settlementOf(shards.payment(id))).toBe('settled');
  });

  test('names in the creditor’s journal the payment that it is of', async () => {
    const shards = await TwoShards.funded(1_000);
    const id = shards.id('p');
    await shards.pay({ id, amount: 300 });
    await shards.there();
    const posted = shards.lastEvents(AWAY).find((event) => event.type === 'CreditPosted');
    expect(posted?.transaction.approval).toEqual({ kind: 'saga', ref: `payment/${id}` });
  });

  test('holds money of its debtor alone: what is held elsewhere the creditor’s shard does not know', async () => {
    const shards = await TwoShards.funded(1_000);
    await shards.pay({ id: shards.id('p'), amount: 300, capture: 'manual' });
    await shards.cluster.settle();
    const debtor = shards.cluster.shard(HOME).accounts.get(shards.customer);
    const creditor = shards.cluster.shard(AWAY).accounts.get(shards.shop);
    expect(debtor).toMatchObject({ heldDebits: 300n, openHolds: 1 });
    expect(creditor).toMatchObject({ heldCredits: 0n, openHolds: 0 });
  });

  test('that is captured in parts settles part by part', async () => {
    const shards = await TwoShards.funded(1_000);
    const paymentId = shards.id('p');
    await shards.pay({ id: paymentId, amount: 300, capture: 'manual' });
    for (const captureId of ['c1', 'c2'])
      await shards.home({ type: 'CapturePayment', paymentId, captureId, amount: 100 });
    await shards.there();
    await shards.back();
    expect(shards.payment(paymentId)).toMatchObject({ captured: 200, inTransit: 100 });
    await shards.cluster.settle();
    expect(settlementOf(shards.payment(paymentId))).toBe('settled');
    expect(shards.posted(AWAY, shards.shop)).toBe(200n);
  });

  test.each([
    ['is not there', 'OpenAccount', 'creditor_unknown'],
    ['is closed', 'CloseAccount', 'creditor_closed'],
    ['takes no credits', 'FreezeAccount', 'creditor_frozen'],
  ] as const)('whose creditor %s comes back in full', async (_, before, reason) => {
    const shards = await TwoShards.funded(1_000);
    const id = shards.id('p');
    const terms = { account: shards.shop, direction: 'both' as const, reason: 'test' };
    const isThere = before !== 'OpenAccount';
    if (isThere) await shards.away({ type: before, ...terms });
    const to = isThere ? shards.shop : shards.cluster.accountIn(AWAY, 'nobody');
    await shards.pay({ id, amount: 300, creditor: to });
    await shards.cluster.settle();
    const payment = shards.payment(id);
    expect(settlementOf(payment)).toBe('returned');
    expect(shards.posted(HOME, shards.customer)).toBe(1_000n);
    expect(shards.inTransit()).toEqual([0n, 0n]);
    expect(shards.lastEvents(HOME)).toContainEqual(
      expect.objectContaining({ type: 'PaymentReturned', reason, amount: 300 }),
    );
  });

  test('whose debtor takes no credits comes back to the suspense account', async () => {
    const shards = await TwoShards.funded(1_000);
    await shards.pay({ id: shards.id('p'), amount: 300, creditor: shards.cluster.accountIn(AWAY, 'nobody') });
    const frozen = { account: shards.customer, direction: 'credits' as const, reason: 'test' };
    await shards.home({ type: 'FreezeAccount', ...frozen });
    await shards.cluster.settle();
    expect(shards.posted(HOME, suspenseAccount('EUR'))).toBe(300n);
    expect(shards.posted(HOME, shards.customer)).toBe(700n);
  });
});

describe('an account with money in transit', () => {
  test('cannot close before the other shard has answered', async () => {
    const shards = await TwoShards.funded(300);
    await shards.pay({ id: shards.id('p'), amount: 300 });
    const close = { type: 'CloseAccount', account: shards.customer, reason: 'test' } as const;
    expect(await shards.home(close)).toMatchObject({ refusal: 'account_in_use' });
    await shards.cluster.settle();
    expect(await shards.home(close)).toMatchObject({ type: 'DoneAnswer', created: true });
  });

  test('that it is only for can close, and the money goes back', async () => {
    const shards = await TwoShards.funded(300);
    await shards.pay({ id: shards.id('p'), amount: 300 });
    const close = { type: 'CloseAccount', account: shards.shop, reason: 'test' } as const;
    expect(await shards.away(close)).toMatchObject({ type: 'DoneAnswer' });
    await shards.cluster.settle();
    expect(shards.posted(HOME, shards.customer)).toBe(300n);
  });
});

describe('a transfer to an account of another shard', () => {
  test('arrives, and its debtor is free then', async () => {
    const shards = await TwoShards.funded(500);
    const { customer, shop } = shards;
    await shards.home(transferCommand('t1', { debtor: customer, creditor: shop, amount: 200 }));
    expect(shards.cluster.shard(HOME).accounts.get(customer)).toMatchObject({ posted: 300n, inTransit: 1 });
    await shards.cluster.settle();
    expect(shards.posted(AWAY, shop)).toBe(200n);
    expect(shards.cluster.shard(HOME).accounts.get(customer)).toMatchObject({ inTransit: 0 });
  });

  test('comes back from an account that cannot take it', async () => {
    const shards = await TwoShards.funded(500);
    const creditor = shards.cluster.accountIn(AWAY, 'nobody');
    await shards.home(transferCommand('t1', { debtor: shards.customer, creditor, amount: 200 }));
    await shards.cluster.settle();
    expect(shards.posted(HOME, shards.customer)).toBe(500n);
    expect(shards.lastEvents(HOME)).toContainEqual(
      expect.objectContaining({ type: 'TransferReturned', reason: 'creditor_unknown' }),
    );
  });
});
