/**
 * Brings the rows and the personal parts of one shard together in its mirror.
 *
 * Personal parts are stored as they come. A row that has one waits in memory until it is there, and the
 * rows behind it wait with it; how far rows are read is stored as of the first that waits, so after a
 * restart they come again. What came before is ignored.
 */
import { hashLink } from '#src/journal/hash-chain.ts';
import type { LogHead } from '#src/ports/event-log.ts';
import type { LogMirror, MirroredPersonal } from '#src/ports/log-mirror.ts';
import type { SentRow } from './row-record.ts';

/** Rows that wait for their personal parts: some hundred batches, or a few large ones. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;

export interface ReadRow {
  /** Its offset in the topic. */
  readonly offset: string;
  readonly row: SentRow;
}

/** The source does not continue what is in the mirror: it is another log, or its history was rewritten. */
export class MirrorDivergedError extends Error {
  override readonly name = 'MirrorDivergedError';
}

export class MirrorIntake {
  readonly #mirror: LogMirror;
  #head: LogHead;
  #waiting: ReadRow[] = [];
  #waitingBytes = 0;
  #nextRow: string;
  #nextPersonal: string;

  private constructor(mirror: LogMirror, head: LogHead) {
    this.#mirror = mirror;
    this.#head = head;
    this.#nextRow = mirror.inputs?.rows ?? '0';
    this.#nextPersonal = mirror.inputs?.personal ?? '0';
  }

  static async open(mirror: LogMirror): Promise<MirrorIntake> {
    return new MirrorIntake(mirror, await mirror.head());
  }

  /** The row that reads of the mirror show last. */
  get position(): number {
    return this.#head.position;
  }

  /** Whether a row's personal part has not been read. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  get isFull(): boolean {
    return this.#waitingBytes > WAITING_BYTES_MAX;
  }

  /** From where on rows have to be read, those included that wait. */
  get firstRow(): string {
    return this.#waiting[0]?.offset ?? this.#nextRow;
  }

  get nextPersonal(): string {
    return this.#nextPersonal;
  }

  /** @throws MirrorDivergedError when a row does not continue the mirror, or is not what its hash says. */
  takeRows(rows: readonly ReadRow[], next: string): void {
    for (const read of rows) {
      if (read.row.position <= this.#newestPosition) continue;
      this.#waiting.push(read);
      this.#waitingBytes += read.row.body.length;
    }
    this.#nextRow = next;
    this.#store([]);
  }

  takePersonal(parts: readonly MirroredPersonal[], next: string): void {
    this.#nextPersonal = next;
    this.#store(parts);
  }

  get #newestPosition(): number {
    return this.#waiting.at(-1)?.row.position ?? this.#head.position;
  }

  #store(personal: readonly MirroredPersonal[]): void {
    const arrived = new Set(personal.map(({ position }) => position));
    const isComplete = ({ row }: ReadRow) =>
      !row.hasPersonal || arrived.has(row.position) || this.#mirror.hasPersonal(row.position);
    const firstIncomplete = this.#waiting.findIndex((read) => !isComplete(read));
    const count = firstIncomplete === -1 ? this.#waiting.length : firstIncomplete;
    const rows = this.#waiting.slice(0, count).map(({ row }) => row);
    for (const row of rows) this.#follow(row);
    this.#waiting = this.#waiting.slice(count);
    for (const row of rows) this.#waitingBytes -= row.body.length;
    this.#mirror.take({ rows, personal, inputs: { rows: this.firstRow, personal: this.#nextPersonal } });
  }

  #follow({ position, previousHash, hash, body }: SentRow): void {
    const { identity } = this.#mirror;
    const continues =
      position === this.#head.position + 1 && Buffer.compare(previousHash, this.#head.hash) === 0;
    if (!continues || Buffer.compare(hashLink({ identity, position, previousHash, body }), hash) !== 0) {
      throw new MirrorDivergedError(
        `shard ${identity.shard}: row ${position} does not continue row ${this.#head.position} of the mirror`,
      );
    }
    this.#head = { position, hash };
  }
}
