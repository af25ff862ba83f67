/**
 * Reads the replies to one process: one partition of `replies`, which other processes may share.
 *
 * The client can read a partition only as a member of a group, so each process has a group of its own
 * and lets all partitions but its own rest. What was written before it began is of no interest.
 */
import type { Consumer, Kafka } from 'kafkajs';
import type { Logger } from '#src/observability/logger.ts';
import type { ShardsReply } from '#src/ports/command-transport.ts';
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

/** Replies arrive one by one, seldom more than a few hundred in one answer of the broker. */
const WAIT_MS = 250;

/** Resolves when every reply that is written from now on will be read. */
export async function openReplyReader(settings: ReplyReaderSettings): Promise<ReplyReader> {
  const { kafka, topic, groupId, partition } = settings;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: WAIT_MS, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: false });
  const end = await endOf(kafka, topic, partition);
  const state = { isReading: false, next: end };
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      const others = (payload.memberAssignment[topic] ?? []).filter((each) => each !== partition);
      consumer.pause([{ topic, partitions: others }]);
      consumer.seek({ topic, partition, offset: state.next });
      state.isReading = true;
      resolve();
    });
  });
  consumer.on(consumer.events.CRASH, () => (state.isReading = false));
  await run(consumer, settings, state);
  await joined;
  return {
    get isReading() {
      return state.isReading;
    },
    close: () => consumer.disconnect(),
  };
}

async function run(
  consumer: Consumer,
  { instance, partition, onReply, log }: ReplyReaderSettings,
  state: { next: string },
): Promise<void> {
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch, ...payload }) => {
      if (batch.partition !== partition) return Promise.resolve();
      for (const message of batch.messages) {
        const reply = readSafely(() => readReplyRecord(message, instance), log);
        if (reply) onReply(reply);
      }
      payload.resolveOffset(batch.lastOffset());
      state.next = String(BigInt(batch.lastOffset()) + 1n);
      return Promise.resolve();
    },
  });
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
