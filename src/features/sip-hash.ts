/**
 * SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012): a keyed 64-bit hash
 * that nobody without the key can invert by trying card numbers or addresses, nor make collide.
 *
 * In 32-bit halves, because 64-bit integers of the language allocate. The state lives in locals.
 */

export const SIP_KEY_BYTES = 16;

/** Hashes `bytes[0, length)` and writes the low and the high word to `out[at]` and `out[at + 1]`. */
export type SipHash = (input: SipInput, out: Uint32Array, at: number) => void;

/** A buffer used again and again; at least 8 bytes must follow `length`. */
export interface SipInput {
  readonly bytes: Uint8Array;
  length: number;
}

/** Throws a RangeError unless the key has 16 bytes. */
export function createSipHash(key: Uint8Array): SipHash {
  if (key.length !== SIP_KEY_BYTES)
    throw new RangeError(`a SipHash key has ${SIP_KEY_BYTES} bytes, not ${key.length}`);
  const words = new DataView(key.buffer, key.byteOffset, SIP_KEY_BYTES);
  const k0 = words.getInt32(0, true);
  const k1 = words.getInt32(4, true);
  const k2 = words.getInt32(8, true);
  const k3 = words.getInt32(12, true);
  return function sipHash(input, out, at) {
    const blocks = padToBlocks(input);
    const { bytes } = input;
    let v0 = k0 ^ 0x70736575;
    let v0h = k1 ^ 0x736f6d65;
    let v1 = k2 ^ 0x6e646f6d;
    let v1h = k3 ^ 0x646f7261;
    let v2 = k0 ^ 0x6e657261;
    let v2h = k1 ^ 0x6c796765;
    let v3 = k2 ^ 0x79746573;
    let v3h = k3 ^ 0x74656462;
    let low = 0;
    let high = 0;
    // Two rounds for each block, then four; `step` counts rounds.
    for (let step = 0, last = blocks * 2 + 4; step < last; step++) {
      if ((step & 1) === 0 && step < blocks * 2) {
        low = wordAt(bytes, step * 4);
        high = wordAt(bytes, step * 4 + 4);
        v3 ^= low;
        v3h ^= high;
      } else if (step === blocks * 2) {
        v2 ^= 0xff;
      }
      let sum = (v0 + v1) | 0;
      v0h = (v0h + v1h + carryOf(sum, v0)) | 0;
      v0 = sum;
      let turned = (v1 << 13) | (v1h >>> 19);
      v1h = ((v1h << 13) | (v1 >>> 19)) ^ v0h;
      v1 = turned ^ v0;
      sum = (v2 + v3) | 0;
      v2h = (v2h + v3h + carryOf(sum, v2)) | 0;
      v2 = sum;
      turned = (v3 << 16) | (v3h >>> 16);
      v3h = ((v3h << 16) | (v3 >>> 16)) ^ v2h;
      v3 = turned ^ v2;
      // v0 is turned by 32: its halves change places.
      sum = (v0h + v3) | 0;
      v0 = (v0 + v3h + carryOf(sum, v0h)) | 0;
      v0h = v0;
      v0 = sum;
      turned = (v3 << 21) | (v3h >>> 11);
      v3h = ((v3h << 21) | (v3 >>> 11)) ^ v0h;
      v3 = turned ^ v0;
      sum = (v2 + v1) | 0;
      v2h = (v2h + v1h + carryOf(sum, v2)) | 0;
      v2 = sum;
      turned = (v1 << 17) | (v1h >>> 15);
      v1h = ((v1h << 17) | (v1 >>> 15)) ^ v2h;
      v1 = turned ^ v2;
      turned = v2;
      v2 = v2h;
      v2h = turned;
      if ((step & 1) === 1 && step < blocks * 2) {
        v0 ^= low;
        v0h ^= high;
      }
    }
    out[at] = v0 ^ v1 ^ v2 ^ v3;
    out[at + 1] = v0h ^ v1h ^ v2h ^ v3h;
  };
}

/** Zeros and the length in the last byte; returns how many blocks of eight bytes there are. */
function padToBlocks({ bytes, length }: SipInput): number {
  const blocks = (length >>> 3) + 1;
  bytes.fill(0, length, blocks * 8);
  bytes[blocks * 8 - 1] = length;
  return blocks;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

/** 1 when the unsigned sum is smaller than what was added to. */
function carryOf(sum: number, part: number): 0 | 1 {
  return sum >>> 0 < part >>> 0 ? 1 : 0;
}
