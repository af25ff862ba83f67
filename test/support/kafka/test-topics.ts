/** Topics of a test's own on the shared broker. */
import type { Kafka } from 'kafkajs';
import { kafkaClient } from '#src/adapters/kafka/kafka-client.ts';
import { prepareTopics } from '#src/adapters/kafka/prepare-topics.ts';
import { topicNames, type TopicNames } from '#src/adapters/kafka/topic-names.ts';
import { createLogger } from '#src/observability/logger.ts';
import { sharedKafka } from '#test/support/kafka/shared-kafka.ts';

export interface TestTopics {
  readonly kafka: Kafka;
  readonly prefix: string;
  readonly topics: TopicNames;
}

export const SILENT = createLogger('silent');

/** Makes all topics of a ledger with that many shards. */
export async function makeTestTopics(shards: number): Promise<TestTopics> {
  const { brokers, prefix } = sharedKafka();
  const kafka = kafkaClient({ brokers, clientId: prefix }, SILENT);
  const topics = topicNames(prefix);
  await prepareTopics(kafka, topics, { partitions: shards, replication: 1 });
  return { kafka, prefix, topics };
}
