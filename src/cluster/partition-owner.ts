/**
 * Runs the shard of one partition for as long as the group says that it is this process's.
 *
 * The order in which it takes over is what keeps two processes from deciding for one shard: shut out
 * whoever wrote before, read the tail of the log, apply it, and only then read commands, from the offsets
 * that the log's last row says and never from the group's. After a failure the same again, once the group
 * has confirmed that the partition is still this member's. Whoever is shut out itself ends, and does not
 * begin again without being given the partition again.
 */
import type { PartitionReads } from '#src/adapters/kafka/partition-reads.ts';
import type { ReplySender } from '#src/adapters/kafka/reply-sender.ts';
import type { TopicNames } from '#src/adapters/kafka/topic-names.ts';
import type { RowInputs } from '#src/domain/encoding/row-codec.ts';
import type { Logger } from '#src/observability/logger.ts';
import type { Readiness } from '#src/ports/command-gateway.ts';
import type { LogHead } from '#src/ports/event-log.ts';
import type { ShardReport } from '#src/ports/shard-report.ts';
import { shardOpener, type ShardParts } from '#src/shard/open-shard.ts';
import { Shard } from '#src/shard/shard.ts';
import type { ShardClock } from './broker-clock.ts';
import { ShardFeed } from './shard-feed.ts';

export interface PartitionOwnerSettings {
  readonly shard: number;
  readonly topics: TopicNames;
  readonly reads: PartitionReads;
  readonly replies: Pick<ReplySender, 'send'>;
  readonly clock: ShardClock;
  readonly parts: ShardParts;
  /** Puts in force what the configuration says; called once, when the shard has begun. */
  readonly activate: (shard: Shard) => Promise<void>;
  /** The log goes to `head`. */
  readonly onHead: (head: LogHead) => void;
  /** It has ended by itself: shut out, or what it needs is missing. */
  readonly onEnded: (error: Error) => void;
  readonly log: Logger;
}

export class PartitionOwner {
  readonly #settings: PartitionOwnerSettings;
  readonly #shard: Shard;
  #feed: ShardFeed | undefined;
  #report: (() => ShardReport) | undefined;
  #readiness: Readiness = { ready: false, reasons: ['starting'] };
  #running: Promise<void> | undefined;
  #openings = 0;
  #isGivenUp = false;

  constructor(settings: PartitionOwnerSettings) {
    this.#settings = settings;
    const open = shardOpener({ ...settings.parts, isFed: true });
    this.#shard = new Shard({
      open: async (after) => {
        if (this.#openings++ > 0) await settings.reads.confirmed(settings.shard);
        if (this.#isGivenUp) throw new Error('the partition is not this process’s any more');
        return open(after);
      },
      collect: () => undefined,
      now: () => settings.clock.now(),
      onBatch: (head, report) => this.#noteBatch(head, report),
      onFailure: (error) => this.#fail(error),
      onReadiness: (readiness) => (this.#readiness = readiness),
      onOpened: (inputs, head) => this.#begin(inputs, head),
      onEnded: (error) => this.#finish(error),
    });
  }

  /** Begins to take over; what goes wrong is told to `onEnded`. */
  start(): void {
    this.#running = this.#run();
  }

  /** What was taken in is finished, as far as the partition's next owner lets it. */
  async stop(): Promise<void> {
    this.#isGivenUp = true;
    this.#feed?.end();
    const { reads, shard } = this.#settings;
    reads.interrupt(shard);
    await this.#running;
    await this.#shard.stop().catch((error: unknown) => this.#fail(error));
  }

  get readiness(): Readiness {
    return this.#readiness;
  }

  /** Undefined before the first batch. */
  get report(): ShardReport | undefined {
    return this.#report?.();
  }

  async #run(): Promise<void> {
    try {
      await this.#shard.start();
      await this.#settings.activate(this.#shard);
    } catch (error) {
      this.#fail(error);
      this.#finish(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #begin(inputs: RowInputs | undefined, { position }: LogHead): void {
    if (!inputs) throw new Error('a shard at a broker has to be fed');
    const { log, shard } = this.#settings;
    const feed = new ShardFeed(
      {
        ...this.#settings,
        sink: this.#shard,
        onUnreadable: (error) =>
          log.error(`shard ${shard}: a command was left out, nobody can read it`, errorOf(error)),
        onLost: (error) => this.#finish(error),
      },
      position,
    );
    this.#feed = feed;
    feed.start(inputs).catch((error: unknown) => this.#finish(error as Error));
  }

  #fail(error: unknown): void {
    this.#feed?.end();
    const { log, shard } = this.#settings;
    log.error(`shard ${shard}: what was taken in is read again`, errorOf(error));
  }

  #finish(error: Error): void {
    this.#feed?.end();
    this.#readiness = { ready: false, reasons: [error.message] };
    if (this.#isGivenUp) return;
    this.#isGivenUp = true;
    this.#settings.onEnded(error);
  }

  #noteBatch(head: LogHead, report: () => ShardReport): void {
    this.#report = report;
    this.#settings.onHead(head);
  }
}

function errorOf(error: unknown) {
  return { cause: 'kafka', ...(error instanceof Error ? { error } : {}) };
}
