/**
 * One entity as a shard follows it: the history that it has folded, up to where, and what of the shared
 * log lies ready to be folded next.
 */
import { RECORD_BYTES } from '#src/ports/entity-log-store.ts';
import { isOfShape, LENGTH_TELLS_MS, type LogShape, offsetOf, PLAIN_LOG } from './log-shape.ts';
import { RecentRecords } from './recent-records.ts';

const NOTHING: Uint8Array = new Uint8Array();

export class EntityFeed {
  /** The entity's key in hexadecimal digits, by which the store knows its log. */
  readonly name: string;
  readonly kind: number;
  history: number;
  recent: RecentRecords = new RecentRecords();
  /** Records of the log that the history has taken in: the number of the next one. */
  folded = 0;
  shape: LogShape = PLAIN_LOG;
  /** The log may have another shape by now: its head has to be read. */
  isDoubted = false;
  /** Not asked for since the last round of forgetting. */
  isIdle = false;
  /** To be appended with the next round trip. */
  outgoing: Uint8Array[] = [];
  #ready: Uint8Array = NOTHING;
  #at = 0;
  #heardAt = 0;

  constructor({ name, kind, history }: { name: string; kind: number; history: number }) {
    this.name = name;
    this.kind = kind;
    this.history = history;
  }

  /** The log from the first record on that is not folded. */
  offer(records: Uint8Array): void {
    this.#ready = records;
    this.#at = 0;
  }

  /** Where the log is to be read from: one byte is read that is known, so that there is one wherever it ends. */
  get readFrom(): number {
    return this.folded === 0 ? 0 : this.#end - 1;
  }

  /** Takes the own records that were appended for the log's only new ones. False: they are not, or may not be. */
  offerOwn(own: Uint8Array, lengthBytes: number): boolean {
    this.isDoubted ||= this.folded > 0 && !isOfShape(this.shape, lengthBytes);
    if (this.isDoubted || lengthBytes !== this.#end + own.length) return false;
    this.offer(own);
    return true;
  }

  /** Takes what was read from `readFrom` to the log's end. False: the log is not as it was known. */
  offerRest(rest: Uint8Array): boolean {
    this.isDoubted ||= rest.length === 0 || !isOfShape(this.shape, this.readFrom + rest.length);
    if (this.isDoubted) return false;
    this.offer(rest.subarray(1));
    return true;
  }

  /** `now` in milliseconds since 1970. What was heard too long ago is not believed any more. */
  hear(now: number): void {
    if (this.folded > 0 && now - this.#heardAt >= LENGTH_TELLS_MS) this.isDoubted = true;
    this.#heardAt = now;
  }

  /** Where the next record to be folded begins in `ready`; -1 when none lies ready. */
  get next(): number {
    return this.#at < this.#ready.length ? this.#at : -1;
  }

  get ready(): Uint8Array {
    return this.#ready;
  }

  /** The next record is folded. */
  advance(): void {
    this.#at += RECORD_BYTES;
    this.folded++;
  }

  /** Where the next record is, as far as the shape is known. */
  get #end(): number {
    return offsetOf(this.shape, this.folded);
  }

  /** Takes what is to be appended, as one piece. */
  takeOutgoing(): Uint8Array {
    const [first = NOTHING, ...others]: readonly Uint8Array[] = this.outgoing;
    this.outgoing = [];
    return others.length === 0 ? first : joined([first, ...others]);
  }

  /** Forgets what is left of a round trip. */
  settle(): void {
    this.#ready = NOTHING;
    this.#at = 0;
    this.outgoing = [];
  }
}

function joined(records: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(records.length * RECORD_BYTES);
  for (const [index, record] of records.entries()) bytes.set(record, index * RECORD_BYTES);
  return bytes;
}
