/**
 * One stream, sent one payment at a time and settled, through one process and through a cluster. By hand
 * longer: `VOUCH_SAME_PAYMENTS=50000 npm run test:cluster -- test/integration/cluster/same-decisions.test.ts`.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp } from '#src/app.ts';
import { appSettings } from '#src/app-settings.ts';
import { serveCluster } from '#src/cluster/serve-cluster.ts';
import { loadConfig } from '#src/config.ts';
import { createJsonClient, type JsonAnswer, type JsonClient } from '#test/support/crash/json-client.ts';
import { sharedKafka } from '#test/support/kafka/shared-kafka.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { HISTORY_SETTINGS, RedisServer } from '#test/support/redis/redis-server.ts';
import { seededRandom } from '#test/support/seeded-random.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const PAYMENTS = Number(process.env['VOUCH_SAME_PAYMENTS'] ?? 250);
const STARTS_AT = Date.UTC(2026, 5, 1, 8);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What is later than a day counts at the mark of its shard, which is not the same as that of one process. */
const LATE_MS = 20 * 60 * MINUTE_MS;
const PEOPLE = 12;
const SHOPS = 4;
/** Opened before anybody pays: an account that is opened on first use is not the same in both, because a
 * cluster opens that of a creditor elsewhere only when money comes (docs/decisions/0016). */
const ACCOUNTS = [
  ...Array.from({ length: PEOPLE }, (_, n) => ({
    id: `person:${n}`,
    overdraft: 'allowed',
    overdraftLimit: 500_000,
  })),
  ...Array.from({ length: SHOPS }, (_, n) => ({ id: `shop:${n}`, overdraft: 'forbidden' })),
];
const SETTLED_WITHIN_MS = 90_000;

interface Step {
  /** When the request comes in. */
  readonly at: number;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Payments between people, late ones, equal times, duplicates, holds that are captured and some that expire. */
function* steps(): Generator<Step> {
  const random = seededRandom(11);
  const upTo = (most: number) => Math.floor(random() * most);
  let at = STARTS_AT;
  let before: Step | undefined;
  for (let n = 0; n < PAYMENTS; n++) {
    at += random() < 0.3 ? 0 : upTo(20 * MINUTE_MS);
    const debtor = upTo(PEOPLE);
    const occurredAt = random() < 0.1 ? at - upTo(LATE_MS) : at;
    const step: Step = {
      at,
      path: '/v1/payments',
      body: {
        id: `same_${n}`,
        occurredAt: new Date(occurredAt).toISOString(),
        amount: 100 + upTo(40_000),
        asset: 'EUR',
        debtor: `person:${debtor}`,
        creditor:
          random() < 0.4 ? `person:${(debtor + 1 + upTo(PEOPLE - 1)) % PEOPLE}` : `shop:${upTo(SHOPS)}`,
        capture: random() < 0.2 ? 'manual' : 'automatic',
        card: { id: `card_${upTo(PEOPLE)}` },
        device: { id: `device_${upTo(5)}` },
        ip: `198.51.100.${upTo(6)}`,
      },
    };
    yield step;
    if (before && random() < 0.1) yield { ...before, at };
    if (step.body['capture'] === 'manual' && random() < 0.5)
      yield { at, path: `/v1/payments/same_${n}/capture`, body: {} };
    before = step;
  }
  // Long after, in every shard: what is still held has expired.
  for (let n = 0; n < PEOPLE; n++) {
    const last = { ...before?.body, id: `same_last_${n}`, debtor: `person:${n}`, creditor: 'shop:0' };
    const late = { at: at + 30 * DAY_MS, path: '/v1/payments' };
    yield { ...late, body: { ...last, occurredAt: new Date(late.at).toISOString() } };
  }
}

interface Side {
  readonly client: JsonClient;
  readonly stop: () => Promise<void>;
}

describe.skipIf(!hasTool('kafka') || !hasTool('redis'))('one process and a cluster (needs kafka)', () => {
  let folder: TemporaryFolder;
  let redis: RedisServer;
  let now = STARTS_AT;
  const sides: Side[] = [];
  beforeAll(async () => {
    folder = await makeTemporaryFolder();
    redis = await RedisServer.start({ settings: HISTORY_SETTINGS });
    const { brokers, prefix } = sharedKafka();
    const variables = {
      VOUCH_LOG_LEVEL: 'silent',
      VOUCH_CLUSTER_BROKERS: brokers.join(','),
      VOUCH_CLUSTER_PREFIX: prefix,
      VOUCH_CLUSTER_ENTITY_KEY: '00112233445566778899aabbccddeeff',
      VOUCH_CLUSTER_REDIS_NODES: redis.address,
      VOUCH_SERVER_PORT: '0',
    };
    const config = loadConfig({ variables });
    const settings = async (name: string) => {
      const app = await appSettings({ config, dataFolder: join(folder.path, name), auth: 'off' });
      const clock = { type: 'stream', startsAt: STARTS_AT } as const;
      return { ...app, now: () => now, shard: { ...app.shard, clock } };
    };
    if (!config.cluster) throw new Error('the configuration has a cluster');
    const alone = await startApp(await settings('alone'));
    const cluster = await serveCluster({
      role: 'all',
      cluster: config.cluster,
      app: await settings('cluster'),
    });
    for (const { url, stop } of [alone, cluster]) sides.push({ client: createJsonClient(url, 2), stop });
  });
  afterAll(async () => {
    for (const { client, stop } of sides) {
      client.close();
      await stop();
    }
    await redis.stop();
    await folder.remove();
  });

  it('decide the same with the same scores and reasons, and come to the same balances', async () => {
    for (const account of ACCOUNTS)
      for (const { client } of sides) await client.send('POST', '/v1/accounts', { ...account, asset: 'EUR' });
    let count = 0;
    for (const { at, path, body } of steps()) {
      now = at;
      const answers = await Promise.all(sides.map((side) => sent(side, path, body)));
      expect(answers[1], `step ${count}: ${path} ${JSON.stringify(body)}`).toEqual(answers[0]);
      count += 1;
    }
    expect(count).toBeGreaterThan(PAYMENTS);
    for (const { id: account } of ACCOUNTS) {
      const [alone, cluster] = await Promise.all(sides.map((side) => balanceOf(side, account)));
      expect(cluster, account).toEqual(alone);
    }
  });
});

/** What is the same wherever it was decided; waits until money that is under way has arrived. */
async function sent({ client }: Side, path: string, body: object): Promise<object> {
  const answer = await client.send('POST', path, body);
  const id = /^\/v1\/payments\/([^/]+)/.exec(path)?.[1] ?? String((body as { id: string }).id);
  if (answer.status < 300) await settled(client, id);
  const { status, awaiting, capturedAmount, decision } = answer.body;
  const { outcome, score, reasons } = (decision ?? {}) as Readonly<Record<string, unknown>>;
  return { http: answer.status, status, awaiting, capturedAmount, outcome, score, reasons };
}

async function settled(client: JsonClient, id: string): Promise<void> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const { body }: JsonAnswer = await client.send('GET', `/v1/payments/${id}`);
    if (body['settlement'] !== 'in_transit') return;
    if (performance.now() > deadline) throw new Error(`${id} is still in transit`);
  }
}

async function balanceOf({ client }: Side, account: string): Promise<object> {
  const { body } = await client.send('GET', `/v1/accounts/${encodeURIComponent(account)}`);
  const { posted, heldDebits, available } = body;
  return { posted, heldDebits, available };
}
