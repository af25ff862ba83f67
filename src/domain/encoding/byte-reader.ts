/** Reads what `ByteWriter` wrote. Anything that does not fit is a `DecodingError` that says where. */
import { MAX_INTEGER_BYTES } from './byte-writer.ts';
import { SHORT_TEXT_LENGTH_MAX, ShortTexts } from './short-texts.ts';

/** Integers of so many bytes are exact as numbers. */
const NUMBER_BYTES_MAX = 6;

const shortTexts = new ShortTexts();

export class DecodingError extends Error {
  override readonly name = 'DecodingError';
  /** Offset in the bytes that were read. */
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`);
    this.offset = offset;
  }
}

export class ByteReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #end: number;
  #offset = 0;
  /** Feature vectors are passed over and read as empty: most of a row's bytes, and few readers need them. */
  readonly skipsVectors: boolean;

  constructor(bytes: Uint8Array, { skipsVectors = false } = {}) {
    this.skipsVectors = skipsVectors;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
  }

  get offset(): number {
    return this.#offset;
  }

  /** Bytes that are not read yet. */
  get left(): number {
    return this.#end - this.#offset;
  }

  get atEnd(): boolean {
    return this.#offset >= this.#end;
  }

  fail(what: string): never {
    throw new DecodingError(what, this.#offset);
  }

  byte(): number {
    this.#need(1);
    return this.#bytes[this.#offset++] as number;
  }

  uint(): number {
    const first = this.byte();
    return first < 0x80 ? first : this.#longUint(first & 0x7f);
  }

  /** Passes over so many integers. */
  skipUints(count: number): void {
    let at = this.#offset;
    for (let left = count; left > 0; at++) {
      if (at >= this.#end) this.fail(`${left} more integers expected`);
      if ((this.#bytes[at] as number) < 0x80) left--;
    }
    this.#offset = at;
  }

  /** Passes over so many bytes. */
  skip(count: number): void {
    this.#advance(count);
  }

  #longUint(lowest: number): number {
    let value = lowest;
    let scale = 0x80;
    for (let i = 1; i < 8; i++) {
      const one = this.byte();
      value += (one & 0x7f) * scale;
      if (one < 0x80) return Number.isSafeInteger(value) ? value : this.fail('integer above 2^53 - 1');
      scale *= 0x80;
    }
    return this.fail('integer with more than eight bytes');
  }

  bigint(): bigint {
    const head = this.uint();
    const count = Math.floor(head / 2);
    if (count > MAX_INTEGER_BYTES) this.fail(`integer of ${count} bytes`);
    this.#need(count);
    const value = count <= NUMBER_BYTES_MAX ? BigInt(this.#number(count)) : this.#bigMagnitude(count);
    this.#offset += count;
    return head % 2 === 1 ? -value : value;
  }

  #number(count: number): number {
    let value = 0;
    for (let i = count - 1; i >= 0; i--) value = value * 0x100 + (this.#bytes[this.#offset + i] as number);
    return value;
  }

  #bigMagnitude(count: number): bigint {
    let value = 0n;
    for (let i = count - 1; i >= 0; i--)
      value = (value << 8n) | BigInt(this.#bytes[this.#offset + i] as number);
    return value;
  }

  float32(): number {
    this.#need(4);
    this.#offset += 4;
    return this.#view.getFloat32(this.#offset - 4, true);
  }

  float64(): number {
    this.#need(8);
    this.#offset += 8;
    return this.#view.getFloat64(this.#offset - 8, true);
  }

  text(): string {
    const head = this.uint();
    const length = Math.floor(head / 2);
    const start = this.#advance(length);
    if (head % 2 === 1) return this.#bytes.toString('utf8', start, start + length);
    if (length <= SHORT_TEXT_LENGTH_MAX) return shortTexts.read(this.#bytes, start, length);
    return this.#bytes.toString('latin1', start, start + length);
  }

  /** A view of the bytes, not a copy. */
  bytes(): Uint8Array {
    return this.raw(this.uint());
  }

  raw(length: number): Uint8Array {
    return this.#viewOf(this.#advance(length), length);
  }

  /** What was read since `start`, as a view. */
  since(start: number): Uint8Array {
    return this.#viewOf(start, this.#offset - start);
  }

  /** Not a Buffer, whose `slice` would be a view where that of other arrays is a copy. */
  #viewOf(start: number, length: number): Uint8Array {
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  #advance(count: number): number {
    this.#need(count);
    const start = this.#offset;
    this.#offset += count;
    return start;
  }

  #need(count: number): void {
    if (this.#offset + count > this.#end) this.fail(`${count} more bytes expected`);
  }
}
