/**
 * Reads the replies to one process: one partition of `replies`, which other processes may share.
 *
 * The client can read a partition only as a member of a group, so each process has a group of its own
 * and lets all partitions but its own rest. What was written before it began is of no interest.
 */
import type { Kafka, KafkaMessage } from 'kafkajs';
import type { Logger } from '#src/observability/logger.ts';
import type { ShardsReply } from '#src/ports/command-transport.ts';
import { PartitionReads } from './partition-reads.ts';
import { readReplyRecord } from './reply-record.ts';

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
  const reads = await PartitionReads.open({ kafka, groupId, isAlone: true, topics: [topic] });
  try {
    const { high } = await reads.endsOf({ topic, partition });
    const onMessages = (messages: readonly KafkaMessage[]) => takeReplies(messages, settings);
    await reads.follow({ topic, partition, from: high, onMessages });
  } catch (error) {
    await reads.close();
    throw error;
  }
  return reads;
}

function takeReplies(
  messages: readonly KafkaMessage[],
  { instance, onReply, log }: ReplyReaderSettings,
): void {
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
