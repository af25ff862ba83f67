/**
 * Keeps shared logs short: what their first records have come to takes the place of these records, by a
 * compare-and-set that leaves what is appended meanwhile where it is. What is folded behind it is the same
 * to the bit, and records keep their numbers.
 *
 * A log's records stay for three days, so that whoever tells again finds what it has told, and whoever was
 * decided without histories finds its own place; of the busiest entities the newest 262,144 stay, so a log
 * has a longest length whatever comes in. Who appends the record with which a log has grown by half
 * compacts it, so that the shards do not all do it at once.
 */
import { RETENTION_MS, ROWS_MAX } from '#src/features/history/layout.ts';
import { RECORD_BYTES, type EntityLogStore } from '#src/ports/entity-log-store.ts';
import type { EntityFeed } from './entity-feed.ts';
import { emptyRecord, readRecord } from './entity-record.ts';
import { FoldedEntities, keyOf } from './folded-entities.ts';
import {
  HEAD_BYTES,
  headBytesFor,
  isOfShape,
  type LogShape,
  nextWindow,
  readShape,
  recordsIn,
  writeHead,
} from './log-shape.ts';

/** A log, just appended to. */
export interface GrownLog {
  readonly name: string;
  readonly kind: number;
  /** As it is known. */
  readonly shape: LogShape;
  readonly lengthBytes: number;
  readonly addedBytes: number;
  /** Told the shape that the log has when it was compacted here. */
  readonly onCompacted: (shape: LogShape) => void;
}

export interface LogCompactionParts {
  readonly store: EntityLogStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Records older than this are not looked for any more. @throws EntityLogError */
  readonly settledBefore: () => Promise<number>;
  readonly limits: CompactionLimits;
}

export interface CompactionLimits {
  /** Records that stay whatever their age: those of a batch under way in a shard that is days behind. */
  readonly keptLeast: number;
  /** Records that stay at most: twelve megabytes, which a shard reads that has not seen the entity yet. */
  readonly keptMost: number;
  /** Records folded by one compaction, in some 50 ms; three megabytes. */
  readonly stepMost: number;
  /** A log that was never compacted is looked at when it is half as long again. */
  readonly plainBytes: number;
  /** A compaction that saves less of a log, and less than a megabyte, is left to a later one. */
  readonly savedShare: number;
}

export const COMPACTION_LIMITS: CompactionLimits = {
  keptLeast: 16,
  keptMost: 262_144,
  stepMost: 65_536,
  plainBytes: 85 * RECORD_BYTES,
  savedShare: 1 / 4,
};
const SAVED_ENOUGH_BYTES = 1 << 20;
/** Attempts and outcomes of a history that counts older ones by tiles. */
const ROWS_KEPT = 2 * ROWS_MAX;
/** Logs that wait; more of them are compacted when they have grown further. */
const WAITING_MAX = 1024;

export class LogCompaction {
  readonly #parts: LogCompactionParts;
  /** One entity at a time, so that its memory is used again. */
  readonly #folded = new FoldedEntities();
  #waiting: GrownLog[] = [];

  constructor(parts: LogCompactionParts) {
    this.#parts = parts;
  }

  note(log: GrownLog): void {
    if (this.#waiting.length < WAITING_MAX && this.#hasGrown(log)) this.#waiting.push(log);
  }

  forget(): void {
    this.#waiting = [];
  }

  /** Compacts up to `count` of the logs that have grown. @throws EntityLogError */
  async run(count: number): Promise<void> {
    const logs = this.#waiting.splice(0, count);
    if (logs.length === 0) return;
    const settledBefore = await this.#parts.settledBefore();
    const beginnings = await this.#readBeginnings(logs);
    await Promise.all(
      logs.map(async (log, index) => {
        const beginning = beginnings[index];
        if (beginning) await this.#compact(log, { beginning, settledBefore });
      }),
    );
  }

  async #compact(
    log: GrownLog,
    { beginning, settledBefore }: { beginning: Uint8Array; settledBefore: number },
  ): Promise<void> {
    const { store, now, limits } = this.#parts;
    const shape = readShape(beginning);
    const window = nextWindow(shape, now());
    const settled = this.#settledIn(beginning, { log, shape, settledBefore });
    if (!window || !mayShrink(beginning, { shape, settled, share: limits.savedShare })) return;
    const was = beginning.subarray(0, shape.headBytes + settled * RECORD_BYTES);
    const { head, becomes } = this.#headFor(was, { log, shape, window });
    const saved = was.length - becomes.length;
    if (saved < Math.min(log.lengthBytes * limits.savedShare, SAVED_ENOUGH_BYTES)) return;
    if (await store.replaceHead({ name: log.name, was, becomes })) log.onCompacted(head);
  }

  /** Of each log its head and as many records as one compaction takes; undefined where it changes meanwhile. */
  async #readBeginnings(logs: readonly GrownLog[]): Promise<readonly (Uint8Array | undefined)[]> {
    const { store, limits } = this.#parts;
    const recordBytes = limits.stepMost * RECORD_BYTES;
    const beginnings = await store.read(
      logs.map(({ name, shape }) => ({ name, from: 0, bytes: shape.headBytes + recordBytes })),
    );
    const heads = await store.read(logs.map(({ name }) => ({ name, from: 0, bytes: HEAD_BYTES })));
    return beginnings.map((beginning, index) => {
      const head = heads[index];
      const isSame = head?.length === HEAD_BYTES && head.every((byte, at) => byte === beginning[at]);
      return isSame && beginning.length >= readShape(beginning).headBytes ? beginning : undefined;
    });
  }

  /** How many of the first records behind the head are not looked for any more. */
  #settledIn(
    beginning: Uint8Array,
    { log, shape, settledBefore }: { log: GrownLog; shape: LogShape; settledBefore: number },
  ): number {
    const behind = isOfShape(shape, log.lengthBytes) ? recordsIn(shape, log.lengthBytes) - shape.base : 0;
    const read = Math.floor((beginning.length - shape.headBytes) / RECORD_BYTES);
    const { keptLeast, keptMost, stepMost } = this.#parts.limits;
    const most = Math.min(behind - keptLeast, read, stepMost);
    const record = emptyRecord();
    let settled = 0;
    for (; settled < most; settled++) {
      readRecord(beginning, shape.headBytes + settled * RECORD_BYTES, record);
      if (record.time >= settledBefore && behind - settled <= keptMost) break;
    }
    return Math.max(0, settled);
  }

  #headFor(
    log: Uint8Array,
    { log: { name, kind, lengthBytes }, shape, window }: HeadSource,
  ): { head: LogShape; becomes: Uint8Array } {
    const folded = this.#folded;
    const { keyLow, keyHigh } = keyOf(name);
    const feed = folded.feedOf(keyLow, keyHigh, kind);
    folded.offerWhole(feed, log);
    folded.foldBefore(feed, () => false);
    const image = folded.imageOf(feed);
    const base = feed.folded;
    folded.remove(feed);
    const generation = shape.generation + 1;
    const headBytes = headBytesFor(image.bytes.length, generation);
    const compactedBytes = lengthBytes - log.length + headBytes;
    const head = { ...window, generation, base, headBytes, compactedBytes };
    return { head, becomes: writeHead(head, image) };
  }

  /** Whether what was added has taken the log over the next length at which it is looked at. */
  #hasGrown({ shape, lengthBytes, addedBytes }: GrownLog): boolean {
    if (!isOfShape(shape, lengthBytes)) return false;
    const { plainBytes, stepMost } = this.#parts.limits;
    const stepBytes = stepMost * RECORD_BYTES;
    const since = shape.generation === 0 ? plainBytes : shape.compactedBytes;
    let passed = 0;
    for (let next = lengthAfter(since, stepBytes); next <= lengthBytes; next = lengthAfter(next, stepBytes))
      passed = next;
    return passed > lengthBytes - addedBytes;
  }
}

interface HeadSource {
  readonly log: GrownLog;
  readonly shape: LogShape;
  readonly window: Pick<LogShape, 'windowGeneration' | 'windowBeganAt'>;
}

/**
 * Whether it is worth folding the records. While windows reach all but a small share of a log that was
 * never compacted, its history has as many rows.
 */
function mayShrink(
  log: Uint8Array,
  { shape, settled, share }: { shape: LogShape; settled: number; share: number },
): boolean {
  if (settled === 0) return false;
  if (shape.generation > 0 || settled > ROWS_KEPT) return true;
  const record = emptyRecord();
  readRecord(log, shape.headBytes + (settled - 1) * RECORD_BYTES, record);
  const oldest = record.time - RETENTION_MS;
  readRecord(log, shape.headBytes + Math.floor(Math.max(0, share) * settled) * RECORD_BYTES, record);
  return share <= 0 || record.time <= oldest;
}

/** Half as long again, or a step longer. */
function lengthAfter(lengthBytes: number, stepBytes: number): number {
  return lengthBytes + Math.min(Math.ceil(lengthBytes / 2), stepBytes);
}

/** The feed's log, as long as the append has said. */
export function grownLogOf(feed: EntityFeed, lengthBytes: number, addedBytes: number): GrownLog {
  const { name, kind, shape } = feed;
  const onCompacted = (compacted: LogShape) => {
    // What is folded stays where it is, and what the image has taken in is folded.
    if (feed.shape.generation === shape.generation && compacted.base <= feed.folded) feed.shape = compacted;
  };
  return { name, kind, shape, lengthBytes, addedBytes, onCompacted };
}
