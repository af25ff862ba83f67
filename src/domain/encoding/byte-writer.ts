/**
 * A growing byte buffer. Integers are little-endian base-128 varints (as in Protocol Buffers), so
 * that small numbers, which most are, take one byte.
 */

const INITIAL_BYTES = 1 << 16;
/** Of a signed integer: 2^256 minor units are far above any sum, and a damaged length is found at once. */
export const MAX_INTEGER_BYTES = 32;
const VARINT_BYTES_MAX = 8;
const LARGEST_NUMBER = BigInt(Number.MAX_SAFE_INTEGER);
/** Of the largest number. */
const SHORT_INTEGER_BYTES_MAX = 7;
/** Below this length a loop over the characters beats the native call. */
const SHORT_TEXT_LENGTH = 48;

export class ByteWriter {
  #bytes: Buffer<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  constructor(initialBytes: number = INITIAL_BYTES) {
    this.#bytes = Buffer.allocUnsafeSlow(initialBytes);
    this.#view = viewOf(this.#bytes);
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets what was written and keeps the memory. */
  reset(): void {
    this.#length = 0;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.copyFrom(0);
  }

  /**
   * A copy as well, in memory that small pieces share: a fifth of the cost of memory of its own, and its
   * `buffer` is not to be handed over.
   */
  toSharedBytes(): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset } = Buffer.allocUnsafe(this.#length);
    const copy = new Uint8Array(buffer, byteOffset, this.#length);
    copy.set(this.viewFrom(0));
    return copy;
  }

  /** A copy of what was written from `start` on. */
  copyFrom(start: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes.subarray(start, this.#length));
  }

  /** What was written from `start` on, without a copy: for one who writes nothing over it. */
  viewFrom(start: number): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset } = this.#bytes;
    return new Uint8Array(buffer, byteOffset + start, this.#length - start);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** An integer from 0 to 2^53 - 1. */
  uint(value: number): void {
    this.#reserve(VARINT_BYTES_MAX);
    if (value >>> 0 === value) return this.#word(value);
    if (!(Number.isSafeInteger(value) && value >= 0))
      throw new RangeError(`not an unsigned integer: ${value}`);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** The same for what fits in 32 bits, as nearly all do. */
  #word(value: number): void {
    let rest = value;
    let at = this.#length;
    const bytes = this.#bytes;
    while (rest >= 0x80) {
      bytes[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[at] = rest;
    this.#length = at + 1;
  }

  /** A signed integer below 2^256: sign and count of bytes first, then the magnitude. */
  bigint(value: bigint): void {
    const magnitude = value < 0n ? -value : value;
    const sign = value < 0n ? 1 : 0;
    if (magnitude <= LARGEST_NUMBER) return this.#shortInteger(Number(magnitude), sign);
    const bytes: number[] = [];
    for (let rest = magnitude; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
    if (bytes.length > MAX_INTEGER_BYTES) throw new RangeError(`an integer of ${bytes.length} bytes`);
    this.uint(bytes.length * 2 + sign);
    for (const one of bytes) this.byte(one);
  }

  /** Without big integers, which allocate for each step. */
  #shortInteger(magnitude: number, sign: number): void {
    this.#reserve(1 + SHORT_INTEGER_BYTES_MAX);
    const head = this.#length++;
    for (let rest = magnitude; rest > 0; rest = Math.floor(rest / 0x100))
      this.#bytes[this.#length++] = rest % 0x100;
    this.#bytes[head] = (this.#length - head - 1) * 2 + sign;
  }

  float32(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** UTF-8; the length in bytes is doubled, and odd where a byte is above 127. */
  text(value: string): void {
    const length = value.length;
    if (length > SHORT_TEXT_LENGTH || !this.#shortAscii(value)) this.#longText(value);
  }

  bytes(value: Uint8Array): void {
    this.uint(value.length);
    this.raw(value);
  }

  /** Bytes as they are, without a length before them. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  #shortAscii(value: string): boolean {
    const length = value.length;
    this.#reserve(length + 1);
    const start = this.#length;
    this.#bytes[start] = length * 2;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return false;
      this.#bytes[start + 1 + i] = code;
    }
    this.#length = start + 1 + length;
    return true;
  }

  #longText(value: string): void {
    const byteLength = Buffer.byteLength(value);
    this.uint(byteLength * 2 + (byteLength === value.length ? 0 : 1));
    this.#reserve(byteLength);
    this.#length += this.#bytes.write(value, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
