import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shardOfAccount } from '#src/domain/shard-place.ts';
import { runVerifyCluster } from '#src/verify-cluster.ts';
import { ClusterProcesses } from '#test/support/cluster/cluster-processes.ts';
import { PersistentLoad } from '#test/support/cluster/persistent-load.ts';
import { createJsonClient, type JsonAnswer } from '#test/support/crash/json-client.ts';
import { expectedAccounts, type SentPayment } from '#test/support/crash/payment-ledger.ts';
import { sharedKafka } from '#test/support/kafka/shared-kafka.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { HISTORY_SETTINGS, RedisServer } from '#test/support/redis/redis-server.ts';

const PARTITIONS = 2;
const CUSTOMERS = 12;
const CLIENTS = 8;

function payments(prefix: string): () => SentPayment {
  let sent = 0;
  return () => {
    sent += 1;
    const customer = sent % CUSTOMERS;
    return {
      id: `${prefix}_${sent}`,
      occurredAt: new Date().toISOString(),
      amount: 100 + (sent % 50),
      asset: 'EUR',
      debtor: `customer:${customer}`,
      creditor: `merchant:${sent % 3}`,
      card: { id: `card_${customer}` },
      ip: `198.51.100.${customer}`,
    };
  };
}

describe.skipIf(!hasTool('kafka') || !hasTool('redis'))(
  'processes of a ledger at a broker (needs kafka)',
  () => {
    let processes: ClusterProcesses;
    let redis: RedisServer;
    beforeEach(async () => {
      redis = await RedisServer.start({ settings: HISTORY_SETTINGS });
      const more = { redis: { nodes: [redis.address] } };
      processes = await ClusterProcesses.open({ ...sharedKafka(), partitions: PARTITIONS, more });
    });
    afterEach(async () => {
      await processes.close();
      await redis.stop();
    });

    it('decide, capture and read a payment through different processes, the capture right behind the answer', async () => {
      await processes.start('worker-1', 'worker');
      const [first, second] = await Promise.all([
        processes.start('api-1', 'api'),
        processes.start('api-2', 'api'),
      ]);
      const [one, two] = [createJsonClient(first.url, 4), createJsonClient(second.url, 4)];
      const next = payments('held');
      for (let n = 0; n < 6; n++) {
        const payment = { ...next(), capture: 'manual' };
        const held = await one.send('POST', '/v1/payments', payment);
        expect(held).toMatchObject({
          status: 201,
          body: { status: 'pending', awaiting: { for: 'capture' } },
        });
        const captured = await two.send('POST', `/v1/payments/${payment.id}/capture`, {});
        expect(captured).toMatchObject({
          status: 200,
          body: { status: 'posted', capturedAmount: payment.amount },
        });
        const again = await two.send('POST', '/v1/payments', payment);
        expect(again).toMatchObject({ status: 200, body: { id: payment.id, status: 'posted' } });
      }
      expect(await one.send('POST', '/v1/payments/nothing/void', {})).toMatchObject({ status: 404 });
      one.close();
      two.close();
    });

    it('lose and double nothing when they are restarted one after the other under load', async () => {
      await Promise.all([processes.start('worker-1', 'worker'), processes.start('worker-2', 'worker')]);
      await Promise.all([processes.start('api-1', 'api'), processes.start('api-2', 'api')]);
      const load = new PersistentLoad({
        urls: () => processes.urls(),
        clients: CLIENTS,
        nextPayment: payments('roll'),
      });
      load.start();
      for (const [name, role] of [
        ['worker-1', 'worker'],
        ['worker-2', 'worker'],
        ['api-1', 'api'],
        ['api-2', 'api'],
      ] as const) {
        expect(await processes.terminate(name)).toBe(0);
        await processes.start(name, role);
      }
      await load.end();
      await load.settle();
      expect(load.violations).toEqual([]);
      expect(load.acknowledged.size).toBeGreaterThan(100);
      await expectBalances(load);
      const { ok, problems } = await runVerifyCluster({ dataFolder: processes.folderOf('api-1') });
      expect({ ok, problems }).toEqual({ ok: true, problems: [] });
    });

    it('bring money to a creditor in another shard, and back', async () => {
      await processes.start('worker-1', 'worker');
      const api = await processes.start('api-1', 'api');
      const client = createJsonClient(api.url, 4);
      const debtor = accountIn(0, 'customer');
      const creditor = accountIn(1, 'merchant');
      const payment = { ...payments('across')(), debtor, creditor, amount: 100 };
      const settlement = async () =>
        (await client.send('GET', `/v1/payments/${payment.id}`)).body['settlement'];
      const posted = async (account: string) =>
        (await client.send('GET', `/v1/accounts/${account}`)).body['posted'];
      await client.send('POST', '/v1/payments', payment);
      await expect.poll(settlement, WAITING).toBe('settled');
      await expect.poll(() => posted(creditor), WAITING).toBe(100);
      const refund = { id: 'r_1', amount: 40, kind: 'refund' };
      await client.send('POST', `/v1/payments/${payment.id}/reverse`, refund);
      await expect.poll(() => posted(debtor), WAITING).toBe(-60);
      expect(await posted(creditor)).toBe(60);
      await expectVerified(processes.folderOf('api-1'));
      client.close();
    });
  },
);

const WAITING = { timeout: 90_000 };

function accountIn(shard: number, name: string): string {
  for (let number = 0; ; number++)
    if (shardOfAccount(`${name}:${number}`, PARTITIONS) === shard) return `${name}:${number}`;
}

/** The logs of all shards hold, each for itself and all together, and nothing is on its way any more. */
async function expectVerified(dataFolder: string): Promise<void> {
  const outstanding = async () => (await runVerifyCluster({ dataFolder })).outstanding;
  await expect.poll(outstanding, WAITING).toBe(0);
  expect(await runVerifyCluster({ dataFolder })).toMatchObject({ ok: true, problems: [] });
}

/** Balances of all accounts are what the acknowledged payments say. */
async function expectBalances(load: PersistentLoad): Promise<void> {
  for (const [account, { posted }] of expectedAccounts(load.acknowledged.values())) {
    const path = `/v1/accounts/${encodeURIComponent(account)}`;
    const read = async (): Promise<JsonAnswer['body'][string]> =>
      (await load.ask('GET', path)).body['posted'];
    await expect.poll(read, { timeout: 90_000, message: account }).toBe(posted);
  }
}
