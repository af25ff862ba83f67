/**
 * What the broker alone costs: takes commands as a worker does, writes as many bytes in the same
 * transactions to the same topics and replies, and decides nothing. The other side of the comparison.
 *
 *     node test/bench/cluster/bare-worker.ts BROKER PREFIX PARTITIONS
 */
import { Partitioners, type Batch, type Producer } from 'kafkajs';
import { kafkaClient } from '#src/adapters/kafka/kafka-client.ts';
import { replyAddressOf } from '#src/adapters/kafka/command-record.ts';
import { replyRecord } from '#src/adapters/kafka/reply-record.ts';
import { topicNames } from '#src/adapters/kafka/topic-names.ts';
import { createLogger } from '#src/observability/logger.ts';

/** As many as the product writes for a payment: events with a vector, and a personal part. */
const EVENT_BYTES = 830;
const PERSONAL_BYTES = 180;

const [broker = '', prefix = '', count = '2'] = process.argv.slice(2);
const partitions = Number(count);
const kafka = kafkaClient({ brokers: [broker], clientId: 'bare' }, createLogger('silent'));
const topics = topicNames(prefix);
const producers = await Promise.all(Array.from({ length: partitions }, (_, index) => transactional(index)));
const replies = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
await replies.connect();
const consumer = kafka.consumer({ groupId: `${prefix}.bare`, maxWaitTimeInMs: 100 });
await consumer.connect();
await consumer.subscribe({ topic: topics.commands, fromBeginning: true });
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: partitions,
  eachBatch: async ({ batch, ...payload }) => {
    await take(batch);
    payload.resolveOffset(batch.lastOffset());
  },
});
console.log(JSON.stringify({ url: 'none' }));
process.on('SIGTERM', () => process.exit(0));

async function transactional(partition: number): Promise<Producer> {
  const producer = kafka.producer({
    transactionalId: `${prefix}.bare-${partition}`,
    idempotent: true,
    maxInFlightRequests: 1,
    retry: { initialRetryTime: 5 },
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  return producer;
}

async function take(batch: Batch): Promise<void> {
  const { partition, messages } = batch;
  const producer = producers[partition];
  if (!producer) throw new Error(`no producer for partition ${partition}`);
  const transaction = await producer.transaction();
  const row = { partition, value: Buffer.alloc(EVENT_BYTES * messages.length) };
  const personal = {
    partition,
    key: batch.lastOffset(),
    value: Buffer.alloc(PERSONAL_BYTES * messages.length),
  };
  await transaction.sendBatch({
    topicMessages: [
      { topic: topics.events, messages: [row] },
      { topic: topics.personal, messages: [personal] },
    ],
  });
  const offset = String(BigInt(batch.lastOffset()) + 1n);
  const offsets = [{ topic: topics.commands, partitions: [{ partition, offset }] }];
  await transaction.sendOffsets({ consumerGroupId: `${prefix}.bare`, topics: offsets });
  await transaction.commit();
  const answered = messages.flatMap((message) => {
    const address = replyAddressOf(message);
    if (!address) return [];
    const answer = { type: 'RefusedAnswer', refusal: 'payment_unknown', detail: 'x'.repeat(100) } as const;
    const place = { number: address.number, shard: partition, position: 1 };
    return [replyRecord(address, { type: 'answered', ...place, answer })];
  });
  await replies.send({ topic: topics.replies, acks: 1, messages: answered });
}
