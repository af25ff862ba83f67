import type { KafkaMessage } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { kafkaClient } from '#src/adapters/kafka/kafka-client.ts';
import { PartitionReads, SESSION_TIMEOUT_MS } from '#src/adapters/kafka/partition-reads.ts';
import { TRANSACTION_TIMEOUT_MS, TransactionalWriter } from '#src/adapters/kafka/transactional-writer.ts';
import { createLogger } from '#src/observability/logger.ts';
import { sharedKafka } from '#test/support/kafka/shared-kafka.ts';
import { makeTestTopics, type TestTopics } from '#test/support/kafka/test-topics.ts';
import { hasTool } from '#test/support/optional-tool.ts';

describe.skipIf(!hasTool('kafka'))('who writes under a transactional id (needs kafka)', () => {
  let stage: TestTopics;
  const cleanups: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    stage = await makeTestTopics(2);
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  async function open(name: string, kafka = stage.kafka): Promise<TransactionalWriter> {
    const { prefix } = stage;
    const transactionalId = `${prefix}.${name}`;
    const writer = await TransactionalWriter.open({ kafka, transactionalId, groupId: prefix });
    cleanups.push(() => writer.close());
    return writer;
  }

  function record(value: string, partition = 0) {
    return [{ topic: stage.topics.messages, messages: [{ partition, value }] }];
  }

  test('commits again right after a commit, and says nothing of the broker being busy with the last', async () => {
    const lines: string[] = [];
    const log = createLogger('info', { write: (line) => lines.push(line) });
    const { brokers } = sharedKafka();
    const writer = await open('quick', kafkaClient({ brokers, clientId: 'quick' }, log));
    for (let count = 0; count < 40; count++) {
      await writer.commit({ records: record(`row ${count}`), offsets: [] });
    }
    expect(lines).toEqual([]);
  });

  test('commits nothing once another was opened, and that one sees all that was committed', async () => {
    const before = await open('same');
    await before.commit({ records: record('kept'), offsets: [] });
    await open('same');
    await expect(before.commit({ records: record('lost'), offsets: [] })).rejects.toMatchObject({
      fault: 'fenced',
    });
    expect(await valuesOf(0)).toEqual(['kept']);
  });

  test('who hangs in a transaction keeps readers waiting only until the shard is taken over', async () => {
    const hanging = stage.kafka.producer({
      transactionalId: `${stage.prefix}.hung`,
      idempotent: true,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
    });
    await hanging.connect();
    cleanups.push(() => hanging.disconnect());
    const transaction = await hanging.transaction();
    await transaction.send({ topic: stage.topics.messages, messages: [{ partition: 1, value: 'hung' }] });
    const other = await open('other');
    await other.commit({ records: record('behind it', 1), offsets: [] });
    expect(await valuesOf(1)).toEqual([]);
    await open('hung');
    expect(await valuesOf(1)).toEqual(['behind it']);
  });

  test('is given up by the broker within ten seconds, and by the group as well', () => {
    expect(TRANSACTION_TIMEOUT_MS).toBeLessThanOrEqual(10_000);
    expect(SESSION_TIMEOUT_MS).toBeLessThanOrEqual(10_000);
  });

  /** What readers of the partition can see now. */
  async function valuesOf(partition: number): Promise<readonly string[]> {
    const { kafka, topics, prefix } = stage;
    const reads = await PartitionReads.open({
      kafka,
      groupId: `${prefix}.reads-${cleanups.length}`,
      isAlone: true,
      topics: [topics.messages],
    });
    cleanups.push(() => reads.close());
    const found: KafkaMessage[] = [];
    const onMessages = (messages: readonly KafkaMessage[]) => void found.push(...messages);
    await reads.readToEnd({ topic: topics.messages, partition, from: 0, onMessages });
    return found.map(({ value }) => value?.toString() ?? '');
  }
});
