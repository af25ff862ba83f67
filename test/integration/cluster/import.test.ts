import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { runVerifyCluster } from '#src/verify-cluster.ts';
import { createJsonClient, type JsonAnswer, type JsonClient } from '#test/support/crash/json-client.ts';
import { startServer } from '#test/support/crash/server-process.ts';
import { sharedKafka } from '#test/support/kafka/shared-kafka.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { HISTORY_SETTINGS, RedisServer } from '#test/support/redis/redis-server.ts';
import type { ServerProcess } from '#test/support/server-process.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const run = promisify(execFile);
const WAITING = { timeout: 60_000 };
const CUSTOMERS = 8;

/** Up to fifty euros pass, up to a hundred are reviewed, and nothing is denied for its score. */
const POLICY = {
  version: 'import-test',
  thresholds: { review: 0, deny: 1.5 },
  bands: [{ asset: 'EUR', upTo: 5_000, thresholds: { review: 1.5, deny: 1.5 } }],
  review: { undoSeconds: 0 },
};

interface Sent {
  readonly id: string;
  readonly amount: number;
  readonly [field: string]: unknown;
}

function paymentOf(number: number, more: Readonly<Record<string, unknown>> = {}): Sent {
  const customer = number % CUSTOMERS;
  return {
    id: `old_${number}`,
    occurredAt: new Date().toISOString(),
    amount: 100 + number,
    asset: 'EUR',
    debtor: `customer:${customer}`,
    creditor: `merchant:${number % 3}`,
    card: { id: `card_${customer}` },
    ip: `198.51.100.${customer}`,
    ...more,
  };
}

const PLAIN = Array.from({ length: 40 }, (_, number) => paymentOf(number));
const HELD = [50, 51, 52].map((number) => paymentOf(number, { capture: 'manual' }));
const REVIEWED = [60, 61, 62].map((number) => paymentOf(number, { amount: 6_000 + number }));
const REFUSED = paymentOf(70, { debtor: 'customer:frozen' });
const ACCOUNTS = [
  ...Array.from({ length: CUSTOMERS }, (_, customer) => `customer:${customer}`),
  ...Array.from({ length: 3 }, (_, merchant) => `merchant:${merchant}`),
  'customer:frozen',
  'bank',
];

describe.skipIf(!hasTool('kafka') || !hasTool('redis'))(
  'a ledger that outgrows one process (needs kafka)',
  () => {
    let folder: TemporaryFolder;
    let redis: RedisServer;
    let server: ServerProcess | undefined;
    let client: JsonClient;
    beforeEach(async () => {
      folder = await makeTemporaryFolder();
      redis = await RedisServer.start({ settings: HISTORY_SETTINGS });
      writeFileSync(join(folder.path, 'policy.yaml'), stringify(POLICY));
      const { brokers, prefix } = sharedKafka();
      const cluster = {
        brokers,
        prefix,
        partitions: 2,
        entityKey: '00112233445566778899aabbccddeeff',
        redis: { nodes: [redis.address] },
      };
      const common = { accounts: { open: 'onFirstUse' }, policy: join(folder.path, 'policy.yaml') };
      writeFileSync(join(folder.path, 'one.yaml'), stringify(common));
      writeFileSync(join(folder.path, 'many.yaml'), stringify({ ...common, cluster }));
    });
    afterEach(async () => {
      client.close();
      await server?.kill();
      await redis.stop();
      await folder.remove();
    });

    it('is moved with one command, and goes on: holds, reviews, reversals, ids, reads and balances', async () => {
      await serve('one.yaml');
      await makeHistory();
      const before = await standing();
      expect(await server?.terminate()).toBe(0);
      const imported = await vouch('cluster', 'import', '--config', join(folder.path, 'many.yaml'));
      expect(imported).toMatchObject({ counts: { payments: 47, outstanding: 0 } });
      await expect(serve('one.yaml')).rejects.toThrow('was moved to ledger');

      await serve('many.yaml');
      expect(await standing()).toEqual(before);
      await goOn();
      await expect.poll(() => outstanding(), WAITING).toBe(0);
      const { ok, problems } = await runVerifyCluster({ dataFolder: dataFolder() });
      expect({ ok, problems }).toEqual({ ok: true, problems: [] });
    });

    function dataFolder(): string {
      return join(folder.path, 'data');
    }

    async function serve(config: string): Promise<void> {
      client?.close();
      server = undefined;
      server = await startServer(dataFolder(), { parameters: ['--config', join(folder.path, config)] });
      client = createJsonClient(server.url, 4);
    }

    async function vouch(...words: string[]): Promise<Readonly<Record<string, unknown>>> {
      const parameters = ['src/main.ts', ...words, '--data', dataFolder(), '--json'];
      const { stdout } = await run(process.execPath, parameters);
      return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
    }

    async function post(path: string, body: object): Promise<JsonAnswer> {
      const answer = await client.send('POST', path, body);
      expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
      return answer;
    }

    async function makeHistory(): Promise<void> {
      const limited = { asset: 'EUR', overdraft: 'forbidden' };
      await post('/v1/accounts', { id: 'bank', asset: 'EUR', overdraft: 'allowed' });
      await post('/v1/accounts', { id: 'customer:frozen', ...limited });
      const funding = { asset: 'EUR', reason: 'funding', debtor: 'bank' };
      for (let customer = 0; customer < CUSTOMERS; customer++)
        await post('/v1/transfers', {
          ...funding,
          id: `f_${customer}`,
          creditor: `customer:${customer}`,
          amount: 9_000,
        });
      await post('/v1/accounts/customer:frozen/freeze', { direction: 'both', reason: 'court order' });
      for (const payment of [...PLAIN, ...HELD, ...REVIEWED, REFUSED]) await post('/v1/payments', payment);
      await post(`/v1/payments/${HELD[1]?.id}/capture`, { id: 'part', amount: 20 });
      await post(`/v1/payments/${PLAIN[3]?.id}/reverse`, { id: 'r_1', amount: 40, kind: 'refund' });
      await post(`/v1/payments/${PLAIN[4]?.id}/reverse`, { id: 'r_2', kind: 'chargeback' });
      await post('/v1/lists/block/entries', { kind: 'card', value: 'card_blocked', reason: 'stolen' });
      const label = { id: 'l_1', paymentId: PLAIN[4]?.id, label: 'fraud', source: 'chargeback' };
      await post('/v1/labels', { ...label, observedAt: new Date().toISOString() });
      await post('/v1/erasures', { kind: 'card', id: 'card_7', reason: 'asked for' });
      // The last of it, so that reads show all of it from here on.
      const isErased = async () => (await read(`/v1/payments/${PLAIN[7]?.id}`))['erased'];
      await expect.poll(isErased, WAITING).toBe(true);
    }

    /** Every account and every payment, as they are read; what a hold abroad is not counted in is left out. */
    async function standing(): Promise<unknown> {
      const accounts: unknown[] = [];
      for (const id of ACCOUNTS) {
        const { heldCredits: _, ...account } = await read(`/v1/accounts/${id}`);
        accounts.push(account);
      }
      const payments: unknown[] = [];
      for (const { id } of [...PLAIN, ...HELD, ...REVIEWED, REFUSED]) {
        const { version: _, settlement: __, history: ___, ...payment } = await read(`/v1/payments/${id}`);
        payments.push(payment);
      }
      return { accounts, payments };
    }

    async function read(path: string): Promise<JsonAnswer['body']> {
      let body: JsonAnswer['body'] = {};
      const status = async () => {
        const answer = await client.send('GET', path);
        body = answer.body;
        return answer.status;
      };
      await expect.poll(status, { ...WAITING, message: path }).toBe(200);
      return body;
    }

    async function goOn(): Promise<void> {
      const [held, part] = HELD;
      const [reviewed] = REVIEWED;
      expect(await post(`/v1/payments/${held?.id}/capture`, {})).toMatchObject({
        body: { status: 'posted' },
      });
      const rest = await post(`/v1/payments/${part?.id}/capture`, { id: 'rest', final: true });
      expect(rest).toMatchObject({ body: { status: 'posted', capturedAmount: part?.amount } });
      const approval = { outcome: 'approve', reason: 'known customer' };
      await post(`/v1/reviews/${reviewed?.id}/decision`, approval);
      const statusOf = async (id: unknown) => (await read(`/v1/payments/${String(id)}`))['status'];
      await expect.poll(() => statusOf(reviewed?.id), WAITING).toBe('posted');
      await post(`/v1/payments/${PLAIN[5]?.id}/reverse`, { id: 'r_3', kind: 'refund' });
      const reversed = async () => (await read(`/v1/payments/${PLAIN[5]?.id}`))['reversedAmount'];
      await expect.poll(reversed, WAITING).toBe(PLAIN[5]?.amount);
      const again = await client.send('POST', '/v1/payments', PLAIN[6]);
      expect(again).toMatchObject({ status: 200, body: { id: PLAIN[6]?.id, status: 'posted' } });
      const other = await client.send('POST', '/v1/payments', { ...PLAIN[6], amount: 1 });
      expect(other.status).toBe(409);
      const blocked = paymentOf(90, { card: { id: 'card_blocked' } });
      expect(await post('/v1/payments', blocked)).toMatchObject({ body: { status: 'denied' } });
      const created = await post('/v1/payments', paymentOf(91));
      expect(created).toMatchObject({ status: 201, body: { id: 'old_91' } });
    }

    async function outstanding(): Promise<number> {
      return (await runVerifyCluster({ dataFolder: dataFolder() })).outstanding;
    }
  },
);
