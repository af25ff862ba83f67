/**
 * Reads chosen partitions from chosen offsets, as a member of a group: the client knows no other way.
 *
 * What the group stored as its offsets is never used. Every partition that nobody here reads rests, and
 * whoever reads one says from where. The client goes silently to the other end of a partition when an
 * offset is out of range, so the offset is held against the partition's ends first, and a gap that
 * appears later is handed to the reader as one.
 */
import type {
  Admin,
  ConsumerEndBatchProcessEvent,
  EachBatchPayload,
  Kafka,
  KafkaMessage,
  PartitionAssigner,
} from 'kafkajs';
import { askAgain } from './ask-again.ts';
import { GroupMember, type GroupConsumer } from './group-member.ts';

/** How long the broker may wait for something to hand out; also how long a partition that goes on may wait. */
const WAIT_MS = 100;
/** The broker answers with one whole batch at least, however large it is. */
const BYTES_PER_PARTITION = 4 * 1024 * 1024;
/** The member that is silent for so long is dead to the group; another takes over then. */
export const SESSION_TIMEOUT_MS = 10_000;
const HEARTBEAT_MS = 1_000;

export interface PartitionPlace {
  readonly topic: string;
  readonly partition: number;
}

export interface PartitionRead extends PartitionPlace {
  /** The first offset wanted. */
  readonly from: number;
  readonly onMessages: (messages: readonly KafkaMessage[]) => void;
  /**
   * All before the offset `next` was handed over; what is missing was never for readers (control records,
   * aborted). `high` is where the broker said then that the partition ends.
   */
  readonly onProgress?: (next: number, high: number) => void;
  /** What comes next has expired meanwhile; nothing behind it is handed over. Absent where gaps are no loss. */
  readonly onLost?: (error: OffsetLostError) => void;
}

/** The partition does not have what comes next: it expired, or the topic was made anew. */
export class OffsetLostError extends Error {
  override readonly name = 'OffsetLostError';
  readonly retryable = false;

  constructor({ topic, partition }: PartitionPlace, wanted: number, ends: PartitionEnds) {
    super(
      `partition ${partition} of ${topic} goes from offset ${ends.low} to ${ends.high}, and ${wanted} is to be read next: ` +
        'it has expired unread, or the topic is another one',
    );
  }
}

/** Whoever waited has no use for the partition any more. */
export class ReadInterruptedError extends Error {
  override readonly name = 'ReadInterruptedError';
  readonly retryable = false;

  constructor(partition: number) {
    super(`partition ${partition} is given up`);
  }
}

export interface PartitionEnds {
  readonly low: number;
  /** One above the last. */
  readonly high: number;
}

export interface PartitionReadsSettings {
  readonly kafka: Kafka;
  readonly groupId: string;
  /**
   * Whether no other member reads in the group. Such a member joins another group each time it begins: one
   * that is gone without a word would keep its group busy until it counts as dead.
   */
  readonly isAlone: boolean;
  readonly topics: readonly string[];
  readonly assigner?: PartitionAssigner;
  /** Called as soon as the group has said who has what; whoever reads nothing of it lets it rest. */
  readonly onAssignment?: (assigned: Assignment) => void;
}

export interface Assignment {
  /** Partitions of the first topic that are this member's. */
  readonly partitions: readonly number[];
  /**
   * Whether this member was part of the group all the time since the assignment before: what it had then and
   * has now was nobody else's meanwhile. The group knows who missed an assignment by another name after that.
   */
  readonly isContinued: boolean;
}

interface GroupJoin {
  readonly memberId: string;
  readonly memberAssignment: Readonly<Record<string, readonly number[]>>;
}

type PassedBatch = Pick<
  ConsumerEndBatchProcessEvent['payload'],
  'topic' | 'partition' | 'lastOffset' | 'highWatermark'
>;

interface RunningRead {
  readonly read: PartitionRead;
  next: number;
  isPaused: boolean;
  /** The fetch under way when it was placed: what that one brings is from elsewhere. */
  placedIn: number;
}

export class PartitionReads {
  readonly #settings: PartitionReadsSettings;
  readonly #admin: Admin;
  #member: GroupMember | undefined;
  #groups = 0;
  readonly #running = new Map<string, RunningRead>();
  #assigned: Readonly<Record<string, readonly number[]>> = {};
  #heartbeatListeners: (() => void)[] = [];
  readonly #interrupted = new Set<number>();
  readonly #waiting = new Map<number, Set<(error: Error) => void>>();
  #fetches = 0;
  #memberId: string | undefined;

  private constructor(settings: PartitionReadsSettings) {
    this.#settings = settings;
    this.#admin = settings.kafka.admin();
  }

  /** Resolves when the group has said for the first time who has what. */
  static async open(settings: PartitionReadsSettings): Promise<PartitionReads> {
    const reads = new PartitionReads(settings);
    try {
      await reads.#start();
    } catch (error) {
      await reads.close();
      throw error;
    }
    return reads;
  }

  async #start(): Promise<void> {
    const { kafka, topics, assigner } = this.#settings;
    await this.#admin.connect();
    this.#member = await GroupMember.open({
      kafka,
      nextGroupId: () => this.#nextGroupId(),
      topics,
      partitionsAtOnce: topics.length,
      consumer: {
        sessionTimeout: SESSION_TIMEOUT_MS,
        rebalanceTimeout: SESSION_TIMEOUT_MS,
        heartbeatInterval: HEARTBEAT_MS,
        maxWaitTimeInMs: WAIT_MS,
        maxBytesPerPartition: BYTES_PER_PARTITION,
        ...(assigner ? { partitionAssigners: [assigner] } : {}),
      },
      onBegin: (consumer) => this.#listenTo(consumer),
      onJoined: (joined, consumer) => this.#join(joined, consumer),
      onBatch: (batch) => this.#take(batch),
    });
  }

  #nextGroupId(): string {
    const { groupId, isAlone } = this.#settings;
    return isAlone ? `${groupId}.${++this.#groups}` : groupId;
  }

  #listenTo(consumer: GroupConsumer): void {
    consumer.on(consumer.events.HEARTBEAT, () => this.#confirm());
    consumer.on(consumer.events.FETCH_START, () => (this.#fetches += 1));
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => {
      if (payload.batchSize === 0) this.#passOver(payload);
    });
  }

  /** False while the broker is away. */
  get isReading(): boolean {
    return this.#member?.consumer !== undefined;
  }

  /** Leaves the group and joins it again, so that partitions are given out anew. */
  async rejoin(): Promise<void> {
    await this.#member?.rejoin();
  }

  /** Whether the partition is this member's now. */
  has({ topic, partition }: PartitionPlace): boolean {
    return this.#assigned[topic]?.includes(partition) ?? false;
  }

  async endsOf({ topic, partition }: PartitionPlace): Promise<PartitionEnds> {
    const offsets = await askAgain(() => this.#admin.fetchTopicOffsets(topic));
    const found = offsets.find((each) => each.partition === partition);
    if (!found) throw new Error(`topic ${topic} has no partition ${partition}`);
    return { low: Number(found.low), high: Number(found.high) };
  }

  /**
   * Goes on until `stop`.
   * @returns the ends of the partition as it begins.
   * @throws OffsetLostError when the partition does not have the first offset.
   */
  async follow(read: PartitionRead): Promise<PartitionEnds> {
    const ends = await this.#checkedEnds(read);
    this.#begin(read);
    return ends;
  }

  /** Reads up to what is the end now. @throws OffsetLostError when the partition does not have the first offset. */
  async readToEnd(read: PartitionRead): Promise<void> {
    const ends = await this.#checkedEnds(read);
    if (read.from === ends.high) return;
    const end = new Promise<void>((resolve) => {
      this.#begin({
        ...read,
        onProgress: (next, high) => {
          read.onProgress?.(next, high);
          if (next < ends.high) return;
          this.stop(read);
          resolve();
        },
      });
    });
    await this.#unlessInterrupted(read.partition, end);
  }

  stop(place: PartitionPlace): void {
    this.#running.delete(keyOf(place));
    this.#rest(place);
  }

  pause(place: PartitionPlace): void {
    const running = this.#running.get(keyOf(place));
    if (!running || running.isPaused) return;
    running.isPaused = true;
    this.#rest(place);
  }

  resume(place: PartitionPlace): void {
    const running = this.#running.get(keyOf(place));
    if (!running?.isPaused) return;
    running.isPaused = false;
    this.#place(running);
  }

  /** Resolves when the group has confirmed after this call that this member still has what it was given. */
  confirmed(partition: number): Promise<void> {
    const heartbeat = new Promise<void>((resolve) => this.#heartbeatListeners.push(resolve));
    return this.#unlessInterrupted(partition, heartbeat);
  }

  /** Who waits for anything of the partition is told to give up: its broker may never answer. */
  interrupt(partition: number): void {
    this.#interrupted.add(partition);
    const waiting = this.#waiting.get(partition);
    this.#waiting.delete(partition);
    for (const giveUp of waiting ?? []) giveUp(new ReadInterruptedError(partition));
  }

  /** Somebody begins with the partition anew. */
  admit(partition: number): void {
    this.#interrupted.delete(partition);
  }

  #unlessInterrupted(partition: number, wait: Promise<void>): Promise<void> {
    if (this.#interrupted.has(partition)) return Promise.reject(new ReadInterruptedError(partition));
    const waiting = this.#waiting.get(partition) ?? new Set();
    this.#waiting.set(partition, waiting);
    return new Promise((resolve, reject) => {
      waiting.add(reject);
      wait.then(resolve, reject).finally(() => waiting.delete(reject));
    });
  }

  /** Leaves the group, so that others take over at once. */
  async close(): Promise<void> {
    this.#running.clear();
    await this.#member?.close();
    await this.#admin.disconnect();
  }

  async #checkedEnds(read: PartitionRead): Promise<PartitionEnds> {
    const ends = await this.endsOf(read);
    if (read.from < ends.low || read.from > ends.high) throw new OffsetLostError(read, read.from, ends);
    return ends;
  }

  #begin(read: PartitionRead): void {
    const running = { read, next: read.from, isPaused: false, placedIn: this.#fetches };
    this.#running.set(keyOf(read), running);
    this.#place(running);
  }

  /** While it is no member of the group, the next assignment does it. */
  #place(running: RunningRead, consumer = this.#member?.consumer): void {
    const { topic, partition } = running.read;
    if (!this.has({ topic, partition })) return;
    running.placedIn = this.#fetches;
    consumer?.seek({ topic, partition, offset: String(running.next) });
    consumer?.resume([{ topic, partitions: [partition] }]);
  }

  #rest({ topic, partition }: PartitionPlace, consumer = this.#member?.consumer): void {
    consumer?.pause([{ topic, partitions: [partition] }]);
  }

  /** What the client knew of offsets is gone with each assignment. */
  #join({ memberId, memberAssignment: assignment }: GroupJoin, consumer: GroupConsumer): void {
    const isContinued = memberId === this.#memberId;
    this.#memberId = memberId;
    this.#assigned = assignment;
    const [first = ''] = this.#settings.topics;
    for (const [topic, partitions] of Object.entries(assignment))
      for (const partition of partitions) this.#rest({ topic, partition }, consumer);
    this.#settings.onAssignment?.({ partitions: assignment[first] ?? [], isContinued });
    for (const running of this.#running.values()) if (!running.isPaused) this.#place(running, consumer);
    this.#confirm();
  }

  #confirm(): void {
    for (const listener of this.#heartbeatListeners.splice(0)) listener();
  }

  #take({ batch, ...client }: EachBatchPayload): Promise<void> {
    const running = this.#running.get(keyOf(batch));
    if (!running || running.isPaused) return Promise.resolve();
    const { read, next } = running;
    const first = Number(batch.firstOffset());
    if (first > next && read.onLost) return this.#judgeGap(running, first);
    const messages = batch.messages.filter(({ offset }) => Number(offset) >= next);
    running.next = Number(batch.lastOffset()) + 1;
    if (messages.length > 0) read.onMessages(messages);
    client.resolveOffset(batch.lastOffset());
    read.onProgress?.(running.next, Number(batch.highWatermark));
    return Promise.resolve();
  }

  /** A batch of which nothing is for readers. */
  #passOver({ lastOffset, highWatermark, ...place }: PassedBatch): void {
    const running = this.#running.get(keyOf(place));
    const next = Number(lastOffset) + 1;
    if (!running || running.isPaused || running.placedIn === this.#fetches || next <= running.next) return;
    running.next = next;
    running.read.onProgress?.(next, Number(highWatermark));
  }

  /** Offsets that were never given out are no loss, those below the partition's beginning are. */
  async #judgeGap(running: RunningRead, first: number): Promise<void> {
    const { read, next } = running;
    const ends = await this.endsOf(read);
    if (this.#running.get(keyOf(read)) !== running) return;
    if (ends.low > next) {
      this.stop(read);
      return read.onLost?.(new OffsetLostError(read, next, ends));
    }
    running.next = first;
    this.#place(running);
  }
}

function keyOf({ topic, partition }: PartitionPlace): string {
  return `${topic}/${partition}`;
}
