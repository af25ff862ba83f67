/**
 * One entity as a shard follows it: the history that it has folded, up to where, and what of the shared
 * log lies ready to be folded next.
 */
import { RECORD_BYTES } from '#src/ports/entity-log-store.ts';
import { RecentRecords } from './recent-records.ts';

const NOTHING: Uint8Array = new Uint8Array();

export class EntityFeed {
  /** The entity's key in hexadecimal digits, by which the store knows its log. */
  readonly name: string;
  readonly history: number;
  readonly recent: RecentRecords = new RecentRecords();
  /** Records of the log that the history has taken in: the number of the next one. */
  folded = 0;
  /** Not asked for since the last round of forgetting. */
  isIdle = false;
  /** To be appended with the next round trip. */
  outgoing: Uint8Array[] = [];
  #ready: Uint8Array = NOTHING;
  #at = 0;

  constructor(name: string, history: number) {
    this.name = name;
    this.history = history;
  }

  /** The log from the first record on that is not folded. */
  offer(records: Uint8Array): void {
    this.#ready = records;
    this.#at = 0;
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
