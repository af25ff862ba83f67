/** Cuts a stream of bytes into lines, holding back no more than one line of the longest that is allowed. */

export interface Line {
  /** Counts from 1, blank lines included. */
  readonly number: number;
  /** Undefined for a line that is too long; its bytes are dropped as they come. */
  readonly bytes: Buffer | undefined;
}

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

export class LineSplitter {
  readonly #bytesMax: number;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #tooLong = false;
  #number = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The lines that end in the chunk. */
  *split(chunk: Buffer): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      yield* this.#finish();
    }
    this.#keep(chunk.subarray(start));
  }

  /** What stands after the last newline. */
  *end(): Generator<Line> {
    if (this.#keptBytes > 0 || this.#tooLong) yield* this.#finish();
  }

  #keep(part: Buffer): void {
    if (this.#tooLong || part.length === 0) return;
    this.#tooLong = this.#keptBytes + part.length > this.#bytesMax;
    if (this.#tooLong) return this.#drop();
    this.#kept.push(part);
    this.#keptBytes += part.length;
  }

  #drop(): void {
    this.#kept = [];
    this.#keptBytes = 0;
  }

  /** Blank lines are counted and passed over. */
  *#finish(): Generator<Line> {
    this.#number += 1;
    const tooLong = this.#tooLong;
    const bytes = this.#kept.length === 1 ? this.#kept[0] : Buffer.concat(this.#kept);
    this.#tooLong = false;
    this.#drop();
    if (tooLong) yield { number: this.#number, bytes: undefined };
    else if (bytes !== undefined && !isBlank(bytes)) yield { number: this.#number, bytes };
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes.length === 1 && bytes[0] === CARRIAGE_RETURN);
}
