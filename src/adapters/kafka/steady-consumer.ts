/**
 * A reader of topics, alone in a group of its own, that goes on whatever happens to the broker. The
 * client gives up after some attempts, and as a member that is gone without a word it would keep its
 * group busy for a minute: so each time it ends a new one begins, in a new group.
 */
import type { Batch, Consumer, ConsumerGroupJoinEvent, Kafka } from 'kafkajs';
import { askAgain } from './ask-again.ts';

export interface SteadyConsumerSettings {
  readonly kafka: Kafka;
  /** What the names of its groups begin with. */
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Where to begin in partitions that `onJoined` does not place. */
  readonly fromBeginning: boolean;
  readonly bytesPerPartition?: number;
  readonly partitionsAtOnce?: number;
  /** The partitions are this reader's: the place to seek and to let some rest. */
  readonly onJoined: (consumer: Consumer, joined: ConsumerGroupJoinEvent['payload']) => void;
  /** Whether the batch was taken; one that was not comes again. */
  readonly onBatch: (batch: Batch, consumer: Consumer) => boolean;
  /** An answer of the broker with so many batches in it. */
  readonly onFetched?: (batches: number) => void;
}

/** How long the broker may wait for something to hand out. */
const WAIT_MS = 250;
const BEGIN_AGAIN_AFTER_MS = 500;

export class SteadyConsumer {
  readonly #settings: SteadyConsumerSettings;
  #consumer: Consumer | undefined;
  #groups = 0;
  #isReading = false;
  #isClosed = false;
  #beginning: Promise<void> | undefined;

  private constructor(settings: SteadyConsumerSettings) {
    this.#settings = settings;
  }

  /** Resolves when it has joined its group. @throws when that fails at the first attempt. */
  static async open(settings: SteadyConsumerSettings): Promise<SteadyConsumer> {
    const steady = new SteadyConsumer(settings);
    await askAgain(() => steady.#begin());
    return steady;
  }

  /** False while the broker is away. */
  get isReading(): boolean {
    return this.#isReading;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#beginning;
    await this.#consumer?.disconnect();
  }

  async #begin(): Promise<void> {
    const { kafka, groupId, topics, fromBeginning, bytesPerPartition, onFetched } = this.#settings;
    const consumer = kafka.consumer({
      groupId: `${groupId}.${++this.#groups}`,
      maxWaitTimeInMs: WAIT_MS,
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: () => Promise.resolve(false) },
      ...(bytesPerPartition === undefined ? {} : { maxBytesPerPartition: bytesPerPartition }),
    });
    this.#consumer = consumer;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning });
      const joined = this.#whenJoined(consumer);
      if (onFetched) consumer.on(consumer.events.FETCH, ({ payload }) => onFetched(payload.numberOfBatches));
      await this.#run(consumer);
      await joined;
    } catch (error) {
      await disconnect(consumer);
      throw error;
    }
  }

  /** Rejects when it crashes before; a crash afterwards begins anew. */
  #whenJoined(consumer: Consumer): Promise<void> {
    return new Promise((resolve, reject) => {
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
        if (this.#consumer !== consumer) return;
        this.#settings.onJoined(consumer, payload);
        this.#isReading = true;
        resolve();
      });
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        reject(payload.error);
        if (this.#isReading && this.#consumer === consumer) this.#beginAgain(consumer);
      });
    });
  }

  async #run(consumer: Consumer): Promise<void> {
    const { onBatch, partitionsAtOnce = 1 } = this.#settings;
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: ({ batch, ...payload }) => {
        const isOurs = this.#consumer === consumer && payload.isRunning() && !payload.isStale();
        if (isOurs && onBatch(batch, consumer)) payload.resolveOffset(batch.lastOffset());
        return Promise.resolve();
      },
    });
  }

  #beginAgain(gone: Consumer): void {
    this.#isReading = false;
    this.#beginning ??= this.#tryUntilBegun(gone).finally(() => (this.#beginning = undefined));
  }

  async #tryUntilBegun(gone: Consumer): Promise<void> {
    await disconnect(gone);
    while (!this.#isClosed && !this.#isReading) {
      await new Promise((resolve) => setTimeout(resolve, BEGIN_AGAIN_AFTER_MS));
      // Why it failed is in the client's own log.
      if (!this.#isClosed) await this.#begin().catch(() => undefined);
    }
  }
}

async function disconnect(consumer: Consumer): Promise<void> {
  await consumer.disconnect().catch(() => undefined);
}
