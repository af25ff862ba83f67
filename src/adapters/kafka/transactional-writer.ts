/**
 * The one who may write a shard's partitions: a producer under the shard's transactional id.
 *
 * Opening it shuts out whoever wrote under that id before, at once and whatever that one is doing: the
 * broker gives the id a new epoch and ends the other's transaction. The client asks for the epoch only
 * with the first transaction, so an empty one is opened and given up before anything is read.
 *
 * A commit is not repeated: when it fails its outcome is unknown, and the client's producer is in a state
 * that nothing leads out of. Close this one then, and open another.
 */
import { Partitioners, type Kafka, type Producer, type RecordMetadata, type TopicMessages } from 'kafkajs';
import { CommitOutcomeUnknown, EventLogError } from '#src/ports/event-log-error.ts';
import { kafkaFaultOf } from './kafka-fault.ts';

/** A transaction that hangs longer is ended by the broker; readers of what it has touched wait as long. */
export const TRANSACTION_TIMEOUT_MS = 10_000;

/**
 * The broker answers CONCURRENT_TRANSACTIONS for some milliseconds after each commit, and the client then
 * waits as long as it is told here: the usual 300 ms would be the time of every batch.
 * 40 tries with at most a quarter of a second between them are given up after about ten seconds.
 */
const RETRY = { initialRetryTime: 3, maxRetryTime: 250, retries: 40 };

export interface WriterSettings {
  readonly kafka: Kafka;
  readonly transactionalId: string;
  readonly groupId: string;
}

export interface TopicOffset {
  readonly topic: string;
  readonly partition: number;
  readonly next: number;
}

export interface Commit {
  readonly records: readonly TopicMessages[];
  /** The group's copy of how far inputs were taken, for whoever watches the lag. */
  readonly offsets: readonly TopicOffset[];
}

export class TransactionalWriter {
  readonly #producer: Producer;
  readonly #groupId: string;

  private constructor(producer: Producer, groupId: string) {
    this.#producer = producer;
    this.#groupId = groupId;
  }

  /** @throws EventLogError when the broker cannot be reached. */
  static async open({ kafka, transactionalId, groupId }: WriterSettings): Promise<TransactionalWriter> {
    const producer = kafka.producer({
      transactionalId,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: TRANSACTION_TIMEOUT_MS,
      allowAutoTopicCreation: false,
      retry: RETRY,
      // Never asked: every message names its partition.
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    try {
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.abort();
    } catch (error) {
      await producer.disconnect();
      throw new EventLogError(kafkaFaultOf(error), `the shard cannot be taken over: ${messageOf(error)}`, {
        cause: error,
      });
    }
    return new TransactionalWriter(producer, groupId);
  }

  /**
   * All of it or nothing.
   * @returns where the first record of each partition stands.
   * @throws CommitOutcomeUnknown on any failure, with the fault `fenced` when another writer was opened.
   */
  async commit({ records, offsets }: Commit): Promise<readonly RecordMetadata[]> {
    try {
      const transaction = await this.#producer.transaction();
      const placed = await transaction.sendBatch({ topicMessages: [...records] });
      if (offsets.length > 0) {
        await transaction.sendOffsets({ consumerGroupId: this.#groupId, topics: offsets.map(offsetOf) });
      }
      await transaction.commit();
      return placed;
    } catch (error) {
      const message = `the commit failed: ${messageOf(error)}`;
      throw new CommitOutcomeUnknown(kafkaFaultOf(error), message, { cause: error });
    }
  }

  async close(): Promise<void> {
    await this.#producer.disconnect();
  }
}

function offsetOf({ topic, partition, next }: TopicOffset) {
  return { topic, partitions: [{ partition, offset: String(next) }] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
