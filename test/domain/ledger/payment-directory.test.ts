import { describe, expect, test } from 'vitest';
import type { Pay } from '#src/domain/commands.ts';
import { shardOfPayment } from '#src/domain/shard-place.ts';
import { ClusterHarness } from '#test/support/cluster-harness.ts';
import { openCommand, payCommand } from '#test/support/flow-harness.ts';

const DIRECTORY = 0;
const FIRST = 1;
const SECOND = 2;

/** Three shards with a debtor who may overdraw in two of them; the third keeps the id's entry. */
async function threeShards() {
  const cluster = new ClusterHarness(3);
  const id = idOf(DIRECTORY);
  const debtors = [FIRST, SECOND].map((index) => cluster.accountIn(index, 'debtor'));
  const shop = cluster.accountIn(DIRECTORY, 'shop');
  await cluster.route(openCommand(shop, 'forbidden'));
  for (const debtor of debtors) await cluster.route(openCommand(debtor, 'allowed'));
  const pay = (index: number, facts: Partial<Pay['facts']> = {}, more: Partial<Pay> = {}) => {
    const debtor = debtors[index - 1] ?? '';
    return cluster.run(index, {
      ...payCommand({ id, debtor, creditor: shop, amount: 100, ...facts }),
      ...more,
    });
  };
  return { cluster, id, shop, pay, debtors };
}

function idOf(shard: number): string {
  for (let number = 0; ; number++) if (shardOfPayment(`p.${number}`, 3) === shard) return `p.${number}`;
}

function inOrder(cluster: ClusterHarness, ...sources: readonly number[]): Promise<unknown> {
  return sources.reduce<Promise<unknown>>(
    (before, source) => before.then(() => cluster.deliver({ source, target: DIRECTORY })),
    Promise.resolve(),
  );
}

describe('the same payment id with debtors in two shards', () => {
  test('stands where the directory heard of it first; the later one is taken back and flagged', async () => {
    const { cluster, id, shop, pay, debtors } = await threeShards();
    await pay(SECOND);
    await pay(FIRST);
    await inOrder(cluster, FIRST);
    await cluster.settle();
    expect(cluster.shard(FIRST).payments.get(id)).toMatchObject({ status: 'posted', idConflict: undefined });
    expect(cluster.shard(SECOND).payments.get(id)).toMatchObject({ reversed: 100, idConflict: FIRST });
    expect(cluster.shard(SECOND).accounts.get(debtors[1] ?? '')?.posted).toBe(0n);
    expect(cluster.shard(DIRECTORY).accounts.get(shop)?.posted).toBe(100n);
  });

  test('is voided where it still waits, and frees what it held', async () => {
    const { cluster, id, pay, debtors } = await threeShards();
    await pay(FIRST);
    await pay(SECOND, { capture: 'manual' });
    await inOrder(cluster, FIRST, FIRST, SECOND);
    await cluster.settle();
    expect(cluster.shard(SECOND).payments.get(id)).toMatchObject({ status: 'voided', idConflict: FIRST });
    expect(cluster.shard(SECOND).accounts.get(debtors[1] ?? '')).toMatchObject({ heldDebits: 0n });
  });

  test('takes back by force what the creditor has spent', async () => {
    const { cluster, id, shop, pay } = await threeShards();
    await pay(FIRST);
    await inOrder(cluster, FIRST);
    await pay(SECOND);
    await cluster.run(DIRECTORY, {
      type: 'FreezeAccount',
      account: shop,
      direction: 'debits',
      reason: 'test',
    });
    await cluster.settle();
    expect(cluster.shard(SECOND).payments.get(id)).toMatchObject({ reversed: 100, pendingReversals: [] });
  });

  test('is found by later commands in its home alone', async () => {
    const { cluster, id, pay } = await threeShards();
    await pay(FIRST, { capture: 'manual' });
    await inOrder(cluster, FIRST);
    await pay(SECOND, { capture: 'manual' });
    await cluster.settle();
    const capture = { type: 'CapturePayment', paymentId: id } as const;
    expect(await cluster.run(SECOND, capture)).toMatchObject([{ refusal: 'payment_unknown' }]);
    expect(await cluster.run(FIRST, capture)).toMatchObject([{ created: true }]);
    expect(await pay(SECOND, { capture: 'manual' })).toMatchObject([{ refusal: 'id_taken' }]);
  });
});

describe('a payment whose id is known to be another shard’s', () => {
  test('is refused before anything is done, when the claim says so', async () => {
    const { cluster, id, pay } = await threeShards();
    expect(await pay(SECOND, {}, { claimedBy: FIRST })).toMatchObject([{ refusal: 'id_taken' }]);
    expect(cluster.shard(SECOND).payments.get(id)).toBeUndefined();
    expect(await pay(FIRST, {}, { claimedBy: FIRST })).toMatchObject([{ status: 'posted' }]);
  });

  test('is refused by the shard that keeps the directory', async () => {
    const { cluster, id, pay } = await threeShards();
    const own = cluster.accountIn(DIRECTORY, 'own');
    await cluster.run(DIRECTORY, openCommand(own, 'allowed'));
    await pay(FIRST);
    await cluster.settle();
    const again = payCommand({ id, debtor: own, creditor: cluster.accountIn(DIRECTORY, 'shop') });
    expect(await cluster.run(DIRECTORY, again)).toMatchObject([{ refusal: 'id_taken' }]);
  });

  test('is refused after a restart too', async () => {
    const { cluster, id, pay } = await threeShards();
    await pay(FIRST);
    await cluster.settle();
    await cluster.restore(DIRECTORY);
    expect(cluster.shard(DIRECTORY).state.directory.get(id)).toEqual({ home: FIRST });
  });
});
