/**
 * Hashes texts to 64 bits, for tables and indexes that would be too large with the texts themselves.
 * Not for secrets: who knows the seed can find texts of a given hash. Among ten million texts any two
 * share a hash with a chance of three in a million.
 *
 * Multiplication and rotation, the mixing of MurmurHash3 (A. Appleby, public domain). The hash is kept
 * in two fields, so that a call allocates nothing.
 */
export class TextHasher {
  readonly #seedHigh: number;
  readonly #seedLow: number;
  /** Upper and lower 32 bits of the last hash. */
  high = 0;
  low = 0;

  constructor(seedHigh: number, seedLow: number) {
    this.#seedHigh = seedHigh;
    this.#seedLow = seedLow;
  }

  /** Equal texts of different kinds have different hashes. */
  hash(kind: number, text: string): void {
    let high = (this.#seedHigh ^ Math.imul(kind + 1, 0x9e3779b1)) | 0;
    let low = (this.#seedLow + kind) | 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      high = Math.imul(high ^ code, 0x85ebca6b);
      high ^= high >>> 15;
      low = Math.imul(low ^ code, 0xc2b2ae35);
      low ^= low >>> 13;
    }
    high = Math.imul(high ^ (high >>> 16), 0xc2b2ae35);
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b);
    this.high = (high ^ (high >>> 13)) >>> 0;
    this.low = (low ^ (low >>> 15)) >>> 0;
  }
}
