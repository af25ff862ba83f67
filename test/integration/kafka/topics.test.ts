import type { Kafka } from 'kafkajs';
import { beforeEach, describe, expect, test } from 'vitest';

import { kafkaClient } from '#src/adapters/kafka/kafka-client.ts';
import { openLedgerRecord, OtherLedgerError, readLedgerRecord } from '#src/adapters/kafka/ledger-record.ts';
import { prepareTopics, TopicsUnfitError } from '#src/adapters/kafka/prepare-topics.ts';
import { topicNames, type TopicNames } from '#src/adapters/kafka/topic-names.ts';
import { sharedKafka } from '#test/support/kafka/shared-kafka.ts';
import { SILENT } from '#test/support/kafka/test-topics.ts';
import { hasTool } from '#test/support/optional-tool.ts';

const PLAN = { partitions: 3, replication: 1 };

describe.skipIf(!hasTool('kafka'))('the topics of a ledger (needs kafka)', () => {
  let kafka: Kafka;
  let topics: TopicNames;
  let prefix: string;
  beforeEach(() => {
    const shared = sharedKafka();
    prefix = shared.prefix;
    kafka = kafkaClient({ brokers: shared.brokers, clientId: prefix }, SILENT);
    topics = topicNames(prefix);
  });

  test('are made where there are none, and found fit after that', async () => {
    await prepareTopics(kafka, topics, PLAN);
    await prepareTopics(kafka, topics, PLAN);
    const admin = kafka.admin();
    await admin.connect();
    const made = await admin.fetchTopicMetadata({ topics: Object.values(topics).map(String) });
    await admin.disconnect();
    expect(Object.fromEntries(made.topics.map(({ name, partitions }) => [name, partitions.length]))).toEqual({
      [topics.ledger]: 1,
      [topics.commands]: 3,
      [topics.messages]: 3,
      [topics.events]: 3,
      [topics.personal]: 3,
      [topics.decisions]: 3,
      [topics.replies]: 8,
    });
  });

  test('are refused with every reason when they are not what the ledger needs', async () => {
    await prepareTopics(kafka, topics, PLAN);
    await changeSetting(topics.events, 'retention.ms', '3600000');
    await changeSetting(topics.personal, 'max.message.bytes', '1000');
    const refusal = await prepareTopics(kafka, topics, { partitions: 2, replication: 3 }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(TopicsUnfitError);
    expect(String(refusal)).toContain(
      `${topics.events}: has 3 partitions, the configuration says 2. The number of shards is fixed`,
    );
    expect(String(refusal)).toContain('has 1 copies of a partition, the configuration says 3');
    expect(String(refusal)).toContain(`${topics.events}: has retention.ms = 3600000, which must be -1`);
    expect(String(refusal)).toContain('has max.message.bytes = 1000, which must be at least');
    expect(String(refusal)).not.toContain(`${topics.replies}: has 8 partitions`);
  });

  test('say which ledger it is: the first to come decides, another number of shards is refused', async () => {
    await prepareTopics(kafka, topics, PLAN);
    const settings = { kafka, topics, prefix };
    expect(await readLedgerRecord(settings)).toBeUndefined();
    const first = await openLedgerRecord(settings, { ledgerId: 'first', shards: 3 });
    expect(first).toEqual({ ledgerId: 'first', shards: 3 });
    expect(await openLedgerRecord(settings, { ledgerId: 'second', shards: 3 })).toEqual(first);
    const refused = openLedgerRecord(settings, { ledgerId: 'third', shards: 4 });
    await expect(refused).rejects.toBeInstanceOf(OtherLedgerError);
    await expect(refused).rejects.toThrow('made with 3 shards, the configuration says 4');
  });

  async function changeSetting(name: string, setting: string, value: string): Promise<void> {
    const admin = kafka.admin();
    await admin.connect();
    const configEntries = [{ name: setting, value }];
    await admin.alterConfigs({ validateOnly: false, resources: [{ type: 2, name, configEntries }] });
    await admin.disconnect();
  }
});
