/**
 * Reads a topic that is not the ledger's own, as a member of a group that shares its partitions. How far
 * it was read is told to the broker only when what was read has been dealt with, so after any end it goes
 * on there, and something may come a second time. What cannot be used is kept in a topic beside it.
 */
import { Partitioners, type EachBatchPayload, type Kafka, type KafkaMessage, type Producer } from 'kafkajs';
import { GroupMember, type GroupConsumer } from './group-member.ts';

/** Dealt with together: as many as a batch of a shard gains from. */
const TAKEN_AT_ONCE = 500;
/** A member that was silent so long loses its partitions; others wait no longer for one that is gone. */
const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_EVERY_MS = 2_000;
/** Dead letters are looked at by people; a topic in one partition has them in order. */
const DEAD_LETTER_PARTITIONS = 1;
const FOR_EVER = '-1';
/** All replicas that are in step have it. */
const ACKS_ALL = -1;

export interface SourceRecord {
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** The index of a record that cannot be used, and why, as JSON. */
export interface DeadLetter {
  readonly index: number;
  readonly reason: string;
}

export interface SourceTopicSettings {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupId: string;
  /** Copies of the topic of dead letters when it is made. */
  readonly replication: number;
  /** Deals with all of them; undefined when it could not and they have to come again. */
  readonly take: (records: readonly SourceRecord[]) => Promise<readonly DeadLetter[] | undefined>;
}

/** There is nothing to read, or it is the ledger's own. */
export class SourceTopicError extends Error {
  override readonly name = 'SourceTopicError';
  readonly retryable = false;
}

export function deadLetterTopic(topic: string): string {
  return `${topic}.dead-letters`;
}

/** @returns what ends the reading. @throws SourceTopicError when there is no such topic. */
export async function openSourceTopic(settings: SourceTopicSettings): Promise<() => Promise<void>> {
  const { kafka, topic, groupId } = settings;
  await prepare(settings);
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  try {
    const member = await GroupMember.open({
      kafka,
      nextGroupId: () => groupId,
      topics: [topic],
      partitionsAtOnce: 1,
      consumer: { sessionTimeout: SESSION_TIMEOUT_MS, rebalanceTimeout: SESSION_TIMEOUT_MS },
      onBegin: () => undefined,
      onJoined: () => undefined,
      onBatch: (payload) => takeBatch(payload, { settings, producer, consumer: () => member.consumer }),
    });
    return async () => {
      await member.close();
      await producer.disconnect();
    };
  } catch (error) {
    await producer.disconnect();
    throw error;
  }
}

interface Taking {
  readonly settings: SourceTopicSettings;
  readonly producer: Producer;
  /** Undefined while it is not in its group. */
  readonly consumer: () => GroupConsumer | undefined;
}

async function takeBatch(payload: EachBatchPayload, taking: Taking): Promise<void> {
  const { messages } = payload.batch;
  // What fails here fails in the client's own next request too, which then acts on it.
  const beat = setInterval(() => void payload.heartbeat().catch(() => undefined), HEARTBEAT_EVERY_MS);
  try {
    for (let from = 0; from < messages.length; from += TAKEN_AT_ONCE) {
      if (!payload.isRunning() || payload.isStale()) return;
      const isTaken = await takeSome(messages.slice(from, from + TAKEN_AT_ONCE), payload, taking);
      if (!isTaken) return;
    }
  } finally {
    clearInterval(beat);
  }
}

async function takeSome(
  messages: readonly KafkaMessage[],
  { batch: { partition } }: EachBatchPayload,
  { settings: { topic, take }, producer, consumer }: Taking,
): Promise<boolean> {
  const letters = await take(messages.map(recordOf));
  const last = messages.at(-1);
  if (!letters || !last) return false;
  const records = letters.map(({ index, reason }) => {
    const { key = null, value = null, headers = {}, offset = '' } = messages[index] ?? {};
    const why = { vouch_reason: reason, vouch_source: `${topic}/${partition}/${offset}` };
    return { key, value, headers: { ...headers, ...why } };
  });
  if (records.length > 0)
    await producer.send({ topic: deadLetterTopic(topic), acks: ACKS_ALL, messages: records });
  const offset = String(BigInt(last.offset) + 1n);
  await consumer()?.commitOffsets([{ topic, partition, offset }]);
  return true;
}

function recordOf({ value, headers = {} }: KafkaMessage): SourceRecord {
  const texts = Object.entries(headers).flatMap(([name, header]) =>
    header === undefined ? [] : [[name.toLowerCase(), String(header)] as const],
  );
  return { value, headers: Object.fromEntries(texts) };
}

async function prepare({ kafka, topic, replication }: SourceTopicSettings): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = await admin.listTopics();
    if (!existing.includes(topic))
      throw new SourceTopicError(
        `there is no topic ${topic} at the brokers: make it, or name another source`,
      );
    await admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic: deadLetterTopic(topic),
          numPartitions: DEAD_LETTER_PARTITIONS,
          replicationFactor: replication,
          configEntries: [{ name: 'retention.ms', value: FOR_EVER }],
        },
      ],
    });
  } finally {
    await admin.disconnect();
  }
}
