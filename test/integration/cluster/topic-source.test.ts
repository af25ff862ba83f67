import { Partitioners, type Kafka } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kafkaClient } from '#src/adapters/kafka/kafka-client.ts';
import { deadLetterTopic } from '#src/adapters/kafka/source-topic.ts';
import { ClusterProcesses } from '#test/support/cluster/cluster-processes.ts';
import { createJsonClient } from '#test/support/crash/json-client.ts';
import { sharedKafka } from '#test/support/kafka/shared-kafka.ts';
import { SILENT } from '#test/support/kafka/test-topics.ts';
import { hasTool } from '#test/support/optional-tool.ts';

const PAYMENTS = 1_200;
const AMOUNT = 5;
/** So few payments of each that the policy's limits pass them all. */
const CUSTOMERS = 400;
const WAITING = { timeout: 60_000, interval: 50 };

function payment(id: number): { key: string; value: string } {
  const occurredAt = '2026-01-01T00:00:00Z';
  const parties = { debtor: `customer:${id % CUSTOMERS}`, creditor: 'merchant:1' };
  const value = { id: `p_${id}`, occurredAt, amount: AMOUNT, asset: 'EUR', ...parties };
  return { key: parties.debtor, value: JSON.stringify(value) };
}

describe.skipIf(!hasTool('kafka'))('payments that come by a topic (needs kafka)', () => {
  const shared = hasTool('kafka') ? sharedKafka() : { brokers: [], prefix: '' };
  const topic = `${shared.prefix}-payments.in`;
  let kafka: Kafka;
  let processes: ClusterProcesses;
  beforeEach(async () => {
    kafka = kafkaClient({ ...shared, clientId: 'shop' }, SILENT);
    processes = await ClusterProcesses.open({ ...shared, partitions: 1 });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 2 }] });
    await admin.disconnect();
  });
  afterEach(() => processes.close());

  async function send(messages: readonly { key: string; value: string }[]): Promise<void> {
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic, messages: [...messages] });
    await producer.disconnect();
  }

  async function deadLetters(count: number) {
    const found: { value: string; reason: string }[] = [];
    const consumer = kafka.consumer({ groupId: `${topic}.looks` });
    await consumer.connect();
    await consumer.subscribe({ topic: deadLetterTopic(topic), fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message: { value, headers } }) => {
        found.push({ value: String(value), reason: String(headers?.['vouch_reason']) });
        return Promise.resolve();
      },
    });
    await expect.poll(() => found.length, WAITING).toBeGreaterThanOrEqual(count);
    await consumer.disconnect();
    return found;
  }

  it('have one effect each across a kill, and what cannot be used is kept with the reason', async () => {
    const ids = Array.from({ length: PAYMENTS }, (_, id) => id);
    await send([...ids, ...ids.slice(0, 100)].map(payment));
    await send([{ key: 'k', value: 'not a payment' }]);
    const source = ['--source', `kafka:${topic}`];
    const first = await processes.start('all', 'all', source);
    const before = createJsonClient(first.url, 1);
    const posted = async (client: typeof before) =>
      (await client.send('GET', '/v1/accounts/merchant:1').catch(() => undefined))?.body['posted'];
    await expect.poll(() => posted(before), WAITING).toBeGreaterThan(0);
    before.close();
    await processes.kill('all');
    const second = await processes.start('all', 'all', source);
    const after = createJsonClient(second.url, 1);
    await send([payment(PAYMENTS)]);
    await expect.poll(() => posted(after), WAITING).toBe((PAYMENTS + 1) * AMOUNT);
    const [letter] = await deadLetters(1);
    expect(letter).toMatchObject({ value: 'not a payment' });
    expect(letter?.reason).toContain('not-json');
    expect(await posted(after)).toBe((PAYMENTS + 1) * AMOUNT);
    after.close();
    expect(await processes.terminate('all')).toBe(0);
  });
});
