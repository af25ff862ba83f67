/**
 * Copies the logs of shards into local mirrors, as they grow: one reader for all of them, with a group
 * of its own, because the client can read partitions only as a member of a group.
 */
import type { Kafka, KafkaMessage } from 'kafkajs';
import type { Logger } from '#src/observability/logger.ts';
import { MirrorIntake } from './mirror-intake.ts';
import { PartitionReads } from './partition-reads.ts';
import { readPersonalRecord, readRowRecord } from './row-record.ts';
import type { LogMirror } from '#src/ports/log-mirror.ts';
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
  /** Resolves when the mirrors have what the topics held as this began, or cannot go on. */
  readonly caughtUp: Promise<void>;
  /** Whether rows come in; false while the broker is away. */
  readonly isReading: boolean;
  /** Rows of the shard that the broker has and the mirror lacks, as far as is known; not exact. */
  lag(shard: number): number;
  close(): Promise<void>;
}

export async function openLogFollower(settings: LogFollowerSettings): Promise<LogFollower> {
  const { kafka, topics, groupId, mirrors } = settings;
  const reads = await PartitionReads.open({
    kafka,
    groupId,
    isAlone: true,
    topics: [topics.events, topics.personal],
  });
  const followed = await Promise.all(
    mirrors.map(async (mirror, shard) => new FollowedShard(settings, shard, await MirrorIntake.open(mirror))),
  );
  const caughtUp = Promise.all(followed.map((each) => each.follow(reads)));
  return {
    caughtUp: caughtUp.then(() => undefined),
    get isReading() {
      return reads.isReading;
    },
    lag: (shard) => followed[shard]?.lag ?? 0,
    async close() {
      await reads.close();
      for (const mirror of mirrors) await mirror.close();
    },
  };
}

class FollowedShard {
  readonly #settings: LogFollowerSettings;
  readonly #shard: number;
  readonly #intake: MirrorIntake;
  #lag = 0;
  #hasDiverged = false;

  constructor(settings: LogFollowerSettings, shard: number, intake: MirrorIntake) {
    this.#settings = settings;
    this.#shard = shard;
    this.#intake = intake;
  }

  get lag(): number {
    return this.#lag;
  }

  /** Goes on until the reads end. Resolves when the mirror has what its partitions held as this began. */
  async follow(reads: PartitionReads): Promise<void> {
    const { events, personal } = this.#settings.topics;
    try {
      await Promise.all([
        this.#followTopic(reads, personal, Number(this.#intake.nextPersonal)),
        this.#followTopic(reads, events, Number(this.#intake.firstRow)),
      ]);
    } catch (error) {
      this.#diverge(error);
    }
  }

  async #followTopic(reads: PartitionReads, topic: string, from: number): Promise<void> {
    const place = { topic, partition: this.#shard };
    const { promise: caughtUp, resolve } = Promise.withResolvers<void>();
    let end = Infinity;
    const { high } = await reads.follow({
      ...place,
      from,
      onMessages: (messages) => this.#take(messages, reads, topic),
      onProgress: (next, newest) => {
        if (topic === this.#settings.topics.events) this.#lag = newest - next;
        if (next >= end || this.#hasDiverged) resolve();
      },
    });
    end = high;
    if (from < end) await caughtUp;
  }

  #take(messages: readonly KafkaMessage[], reads: PartitionReads, topic: string): void {
    if (this.#hasDiverged) return;
    try {
      this.#store(messages, topic);
    } catch (error) {
      this.#diverge(error);
      return;
    }
    this.#settings.onPosition(this.#shard, this.#intake.position);
    this.#holdBack(reads);
  }

  #store(messages: readonly KafkaMessage[], topic: string): void {
    const next = String(Number(messages.at(-1)?.offset) + 1);
    if (topic === this.#settings.topics.personal)
      return this.#intake.takePersonal(messages.map(readPersonalRecord), next);
    const rows = messages.map((message) => ({ offset: message.offset, row: readRowRecord(message) }));
    this.#intake.takeRows(rows, next);
  }

  #diverge(error: unknown): void {
    this.#hasDiverged = true;
    this.#settings.onDiverged(error instanceof Error ? error : new Error(String(error)));
  }

  /** Rows are not read further while too many wait for their personal parts. */
  #holdBack(reads: PartitionReads): void {
    const place = { topic: this.#settings.topics.events, partition: this.#shard };
    if (this.#intake.isFull) reads.pause(place);
    else reads.resume(place);
  }
}
