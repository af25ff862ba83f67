import { Partitioners, type Consumer, type Producer } from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { readCommandRecord, replyAddressOf } from '#src/adapters/kafka/command-record.ts';
import { KafkaCommandTransport } from '#src/adapters/kafka/kafka-command-transport.ts';
import { openReplyReader } from '#src/adapters/kafka/reply-reader.ts';
import { replyRecord } from '#src/adapters/kafka/reply-record.ts';
import type { SentCommand, ShardsReply } from '#src/ports/command-transport.ts';
import { makeTestTopics, SILENT, type TestTopics } from '#test/support/kafka/test-topics.ts';
import { hasTool } from '#test/support/optional-tool.ts';

const SHARDS = 2;
const COMMANDS = 500;

function commands(count: number): SentCommand[] {
  return Array.from({ length: count }, (_, index) => ({
    shard: index % SHARDS,
    number: index + 1,
    envelope: {
      command: { type: 'VoidPayment', paymentId: `p${index + 1}` },
      actor: 'token:1',
      receivedAt: index,
    },
  }));
}

/** Answers every command as its shard would, and answers one for somebody else before each. */
async function echo({ kafka, topics, prefix }: TestTopics): Promise<() => Promise<void>> {
  const consumer: Consumer = kafka.consumer({ groupId: `${prefix}.echo`, maxWaitTimeInMs: 50 });
  const producer: Producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await Promise.all([consumer.connect(), producer.connect()]);
  await consumer.subscribe({ topic: topics.commands, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      const messages = batch.messages.flatMap((message) => {
        const { command } = readCommandRecord(message);
        const address = replyAddressOf(message);
        if (!address || command.type !== 'VoidPayment') throw new Error('not what was sent');
        const answer = {
          type: 'RefusedAnswer',
          refusal: 'payment_unknown',
          detail: command.paymentId,
        } as const;
        const place = { number: address.number, shard: batch.partition, position: 1 };
        const reply: ShardsReply = { type: 'answered', ...place, answer };
        return [replyRecord({ ...address, instance: 'another' }, reply), replyRecord(address, reply)];
      });
      await producer.send({ topic: topics.replies, messages });
    },
  });
  return async () => {
    await consumer.disconnect();
    await producer.disconnect();
  };
}

describe.skipIf(!hasTool('kafka'))('commands and replies by a broker (needs kafka)', () => {
  const closes: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closes.splice(0).toReversed()) await close();
  });

  it('reach their shards in order, and each reply the process that waits for it, once', async () => {
    const test = await makeTestTopics(SHARDS);
    const { kafka, topics, prefix } = test;
    const replyTo = { instance: 'api-1', partition: 1 };
    const replies: ShardsReply[] = [];
    const { promise: all, resolve } = Promise.withResolvers<void>();
    const reader = await openReplyReader({
      kafka,
      topic: topics.replies,
      groupId: `${prefix}.api-1`,
      ...replyTo,
      log: SILENT,
      onReply: (reply) => {
        replies.push(reply);
        if (replies.length === COMMANDS) resolve();
      },
    });
    closes.push(() => reader.close());
    closes.push(await echo(test));
    const transport = await KafkaCommandTransport.open({ kafka, topic: topics.commands, replyTo });
    closes.push(() => transport.close());
    const sent = commands(COMMANDS);
    await Promise.all([transport.send(sent.slice(0, 10)), transport.send(sent.slice(10))]);
    await all;
    for (let shard = 0; shard < SHARDS; shard++) {
      const numbers = replies.filter((reply) => reply.shard === shard).map(({ number }) => number);
      expect(numbers).toEqual(sent.filter((each) => each.shard === shard).map(({ number }) => number));
    }
  });
});
