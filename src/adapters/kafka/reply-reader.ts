/**
 * Reads the replies to one process: one partition of `replies`, which other processes may share.
 *
 * The client can read a partition only as a member of a group, so each process has a group of its own
 * and lets all partitions but its own rest. What was written before it began is of no interest.
 */
import type { Batch, Kafka } from 'kafkajs';
import type { Logger } from '#src/observability/logger.ts';
import type { ShardsReply } from '#src/ports/command-transport.ts';
import { readReplyRecord } from './reply-record.ts';
import { SteadyConsumer } from './steady-consumer.ts';

export interface ReplyReaderSettings {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupId: string;
  readonly instance: string;
  readonly partition: number;
  readonly onReply: (reply: ShardsReply) => void;
  readonly log: Logger;
}

export interface ReplyReader {
  /** Whether replies come in; false while the broker is away. */
  readonly isReading: boolean;
  close(): Promise<void>;
}

/** Resolves when every reply that is written from now on will be read. */
export async function openReplyReader(settings: ReplyReaderSettings): Promise<ReplyReader> {
  const { kafka, topic, groupId, partition } = settings;
  let next = await endOf(kafka, topic, partition);
  return SteadyConsumer.open({
    kafka,
    groupId,
    topics: [topic],
    fromBeginning: false,
    onJoined(consumer, { memberAssignment }) {
      const others = (memberAssignment[topic] ?? []).filter((each) => each !== partition);
      consumer.pause([{ topic, partitions: others }]);
      consumer.seek({ topic, partition, offset: next });
    },
    onBatch(batch) {
      if (batch.partition === partition) {
        takeReplies(batch, settings);
        next = String(BigInt(batch.lastOffset()) + 1n);
      }
      return true;
    },
  });
}

function takeReplies({ messages }: Batch, { instance, onReply, log }: ReplyReaderSettings): void {
  for (const message of messages) {
    const reply = readSafely(() => readReplyRecord(message, instance), log);
    if (reply) onReply(reply);
  }
}

/** One reply that cannot be read is as good as lost: its command is sent again. */
function readSafely<T>(read: () => T, log: Logger): T | undefined {
  try {
    return read();
  } catch (error) {
    log.warn('a reply could not be read', { cause: 'kafka', ...(error instanceof Error ? { error } : {}) });
    return undefined;
  }
}

async function endOf(kafka: Kafka, topic: string, partition: number): Promise<string> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    const found = offsets.find((each) => each.partition === partition);
    if (!found) throw new Error(`topic ${topic} has no partition ${partition}`);
    return found.high;
  } finally {
    await admin.disconnect();
  }
}
