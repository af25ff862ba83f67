/**
 * A member of a consumer group that goes on whatever happens to the broker.
 *
 * The client can begin a crashed consumer again by itself, and is not let: it does so also behind the back
 * of whoever stops it meanwhile, and that one would stay in the group unseen and hold partitions that
 * nobody reads. Here each consumer lives once, and the next begins when the one before has left.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerConfig, ConsumerGroupJoinEvent, EachBatchPayload } from 'kafkajs';
import { askAgain } from './ask-again.ts';

/** What is used of the client's consumer. */
export type GroupConsumer = Pick<
  Consumer,
  | 'connect'
  | 'disconnect'
  | 'subscribe'
  | 'run'
  | 'on'
  | 'events'
  | 'seek'
  | 'pause'
  | 'resume'
  | 'commitOffsets'
>;

export interface GroupMemberSettings {
  readonly kafka: { consumer(config: ConsumerConfig): GroupConsumer };
  /** The group that it joins, each time it begins. */
  readonly nextGroupId: () => string;
  readonly topics: readonly string[];
  readonly partitionsAtOnce: number;
  readonly consumer: Omit<ConsumerConfig, 'groupId' | 'retry'>;
  /** A consumer is about to join: the place to listen to it. */
  readonly onBegin: (consumer: GroupConsumer) => void;
  /** The partitions are this member's: the place to seek and to let some rest. */
  readonly onJoined: (joined: ConsumerGroupJoinEvent['payload'], consumer: GroupConsumer) => void;
  readonly onBatch: (batch: EachBatchPayload) => Promise<void>;
}

const BEGIN_AGAIN_AFTER_MS = 500;

export class GroupMember {
  readonly #settings: GroupMemberSettings;
  #membership: Membership;
  #isClosed = false;
  #living: Promise<void> = Promise.resolve();

  private constructor(settings: GroupMemberSettings) {
    this.#settings = settings;
    this.#membership = new Membership(settings);
  }

  /** Resolves when it has joined its group. @throws when that fails at the first attempt. */
  static async open(settings: GroupMemberSettings): Promise<GroupMember> {
    const member = await askAgain(() => GroupMember.#join(settings));
    member.#living = member.#live();
    return member;
  }

  static async #join(settings: GroupMemberSettings): Promise<GroupMember> {
    const member = new GroupMember(settings);
    try {
      await member.#membership.joined;
    } catch (error) {
      await member.#membership.leave();
      throw error;
    }
    return member;
  }

  /** What the group gave partitions to; undefined while the broker is away. */
  get consumer(): GroupConsumer | undefined {
    return this.#membership.consumer;
  }

  /** Leaves the group and joins it again, so that partitions are given out anew. */
  rejoin(): Promise<void> {
    return this.#membership.leave();
  }

  /** Leaves the group, so that others take over at once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#membership.leave();
    await this.#living;
  }

  async #live(): Promise<void> {
    for (;;) {
      const hasFailed = await this.#membership.ended;
      await this.#membership.leave();
      if (hasFailed && !this.#isClosed) await delay(BEGIN_AGAIN_AFTER_MS);
      if (this.#isClosed) return;
      this.#membership = new Membership(this.#settings);
      // Why it failed is in the client's own log.
      this.#membership.joined.catch(() => undefined);
    }
  }
}

/** The life of one consumer. */
class Membership {
  /** Rejects when it ends before. */
  readonly joined: Promise<void>;
  /** Resolves when it is no member any more: to true when nobody wanted that. */
  readonly ended: Promise<boolean>;
  readonly #consumer: GroupConsumer;
  readonly #beginning: Promise<void>;
  readonly #join = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<boolean>();
  #isIn = false;
  #leaving: Promise<void> | undefined;

  constructor(settings: GroupMemberSettings) {
    this.joined = this.#join.promise;
    this.ended = this.#end.promise;
    this.#consumer = settings.kafka.consumer({
      ...settings.consumer,
      groupId: settings.nextGroupId(),
      allowAutoTopicCreation: false,
      retry: { restartOnFailure: () => Promise.resolve(false) },
    });
    this.#beginning = this.#begin(settings).catch((error: unknown) => this.#fail(error));
  }

  /** Undefined while it is not in the group: the client refuses to be told anything then. */
  get consumer(): GroupConsumer | undefined {
    return this.#isIn ? this.#consumer : undefined;
  }

  leave(): Promise<void> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  /** A consumer that is stopped while it joins joins all the same, so that is waited for. */
  async #leave(): Promise<void> {
    await this.#beginning;
    await this.#consumer.disconnect().catch(() => undefined);
    this.#isIn = false;
    this.#end.resolve(false);
  }

  async #begin(settings: GroupMemberSettings): Promise<void> {
    const consumer = this.#consumer;
    await consumer.connect();
    await consumer.subscribe({ topics: [...settings.topics], fromBeginning: true });
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.#isIn = true;
      settings.onJoined(payload, consumer);
      this.#join.resolve();
    });
    consumer.on(consumer.events.STOP, () => (this.#isIn = false));
    consumer.on(consumer.events.CRASH, ({ payload }) => this.#fail(payload.error));
    settings.onBegin(consumer);
    await consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: settings.partitionsAtOnce,
      eachBatch: (payload) =>
        payload.isRunning() && !payload.isStale() ? settings.onBatch(payload) : Promise.resolve(),
    });
  }

  #fail(error: unknown): void {
    this.#isIn = false;
    this.#join.reject(error);
    this.#end.resolve(true);
  }
}
