/**
 * Copies the logs of shards into local mirrors, as they grow: one reader for all of them, with a group
 * of its own, because the client can read partitions only as a member of a group.
 */
import type { Batch, Consumer, Kafka } from 'kafkajs';
import type { Logger } from '#src/observability/logger.ts';
import { MirrorIntake } from './mirror-intake.ts';
import { readPersonalRecord, readRowRecord } from './row-record.ts';
import type { LogMirror } from '#src/ports/log-mirror.ts';
import { SteadyConsumer } from './steady-consumer.ts';
import type { TopicNames } from './topic-names.ts';

export interface LogFollowerSettings {
  readonly kafka: Kafka;
  readonly topics: Pick<TopicNames, 'events' | 'personal'>;
  readonly groupId: string;
  /** One for each shard, in their order. */
  readonly mirrors: readonly LogMirror[];
  /** The mirror of a shard goes to this position now. */
  readonly onPosition: (shard: number, position: number) => void;
  /** It cannot go on: the source is not the log that was mirrored. */
  readonly onDiverged: (error: Error) => void;
  readonly log: Logger;
}

export interface LogFollower {
  /** Resolves when the broker had nothing more to read for the first time. */
  readonly caughtUp: Promise<void>;
  /** Whether rows come in; false while the broker is away. */
  readonly isReading: boolean;
  /** Rows of the shard that the broker has and the mirror lacks, as far as is known; not exact. */
  lag(shard: number): number;
  close(): Promise<void>;
}

/** The broker answers with one whole batch at least, however large it is. */
const BYTES_PER_PARTITION = 4 * 1024 * 1024;

export async function openLogFollower(settings: LogFollowerSettings): Promise<LogFollower> {
  const { kafka, topics, groupId, mirrors } = settings;
  const intakes = await Promise.all(mirrors.map((mirror) => MirrorIntake.open(mirror)));
  const { promise: caughtUp, resolve: markCaughtUp } = Promise.withResolvers<void>();
  const intake = new FollowedRows(intakes, settings);
  const consumer = await SteadyConsumer.open({
    kafka,
    groupId,
    topics: [topics.events, topics.personal],
    fromBeginning: true,
    bytesPerPartition: BYTES_PER_PARTITION,
    partitionsAtOnce: 2 * mirrors.length,
    onJoined: (joined) => intake.seek(joined),
    onBatch: (batch, from) => intake.take(batch, from),
    // An answer without anything in it comes only at the end.
    onFetched: (batches) => (batches === 0 && intake.hasBegun ? markCaughtUp() : undefined),
  });
  return {
    caughtUp,
    get isReading() {
      return consumer.isReading;
    },
    lag: (shard) => intake.lag(shard),
    async close() {
      await consumer.close();
      for (const mirror of mirrors) await mirror.close();
    },
  };
}

class FollowedRows {
  readonly #intakes: readonly MirrorIntake[];
  readonly #settings: LogFollowerSettings;
  readonly #lags: number[];
  #hasBegun = false;
  #hasDiverged = false;

  constructor(intakes: readonly MirrorIntake[], settings: LogFollowerSettings) {
    this.#intakes = intakes;
    this.#settings = settings;
    this.#lags = intakes.map(() => 0);
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  lag(shard: number): number {
    return this.#lags[shard] ?? 0;
  }

  /** Where each mirror stands says where to read on, not the group. */
  seek(consumer: Consumer): void {
    const { events, personal } = this.#settings.topics;
    for (const [partition, intake] of this.#intakes.entries()) {
      intake.rewind();
      consumer.seek({ topic: events, partition, offset: intake.firstRow });
      consumer.seek({ topic: personal, partition, offset: intake.nextPersonal });
    }
    this.#hasBegun = true;
  }

  /** Whether the batch was taken and the next may come. */
  take(batch: Batch, consumer: Consumer): boolean {
    const intake = this.#intakes[batch.partition];
    if (!intake || this.#hasDiverged) return false;
    try {
      this.#store(batch, intake);
    } catch (error) {
      this.#hasDiverged = true;
      this.#settings.onDiverged(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
    this.#settings.onPosition(batch.partition, intake.position);
    this.#holdBack(batch.partition, intake, consumer);
    return true;
  }

  #store(batch: Batch, intake: MirrorIntake): void {
    const next = String(BigInt(batch.lastOffset()) + 1n);
    if (batch.topic === this.#settings.topics.personal) {
      return intake.takePersonal(batch.messages.map(readPersonalRecord), next);
    }
    this.#lags[batch.partition] = Number(batch.offsetLag());
    const rows = batch.messages.map((message) => ({ offset: message.offset, row: readRowRecord(message) }));
    intake.takeRows(rows, next);
  }

  /** Rows are not read further while too many wait for their personal parts. */
  #holdBack(partition: number, { isFull }: MirrorIntake, consumer: Consumer): void {
    const place = [{ topic: this.#settings.topics.events, partitions: [partition] }];
    if (isFull) consumer.pause(place);
    else consumer.resume(place);
  }
}
