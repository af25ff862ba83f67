/**
 * Which ids were seen, and a number for each: by 64 bits of their hash in an open-addressing table, 12
 * bytes a slot, so that tens of millions fit where a `Map` ends. Two ids of one hash would be reported
 * as one used twice: three in a million for a log of ten million ids.
 */
import { TextHasher } from '#src/domain/text-hasher.ts';

const INITIAL_SLOTS = 1 << 16;
const LOAD_MAX = 0.7;
const SEED_HIGH = 0x243f6a88;
const SEED_LOW = 0x85a308d3;

export class IdTable {
  readonly #hasher = new TextHasher(SEED_HIGH, SEED_LOW);
  #high = new Uint32Array(INITIAL_SLOTS);
  #low = new Uint32Array(INITIAL_SLOTS);
  /** The number and one more; 0 is an empty slot. */
  #numbers = new Uint32Array(INITIAL_SLOTS);
  #count = 0;

  /** The number of the id; undefined when it was not added. */
  get(kind: number, id: string): number | undefined {
    this.#hasher.hash(kind, id);
    const found = this.#numbers[this.#slot()] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  /** False, and nothing is changed, when the id was there. */
  add(kind: number, id: string, number: number): boolean {
    this.#hasher.hash(kind, id);
    const slot = this.#slot();
    if (this.#numbers[slot] !== 0) return false;
    this.#put(slot, number + 1);
    if (++this.#count > this.#numbers.length * LOAD_MAX) this.#grow();
    return true;
  }

  /** Where the hash stands, or the empty slot where it would. */
  #slot(): number {
    const mask = this.#numbers.length - 1;
    let slot = this.#hasher.high & mask;
    while (this.#numbers[slot] !== 0) {
      if (this.#high[slot] === this.#hasher.high && this.#low[slot] === this.#hasher.low) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #put(slot: number, stored: number): void {
    this.#high[slot] = this.#hasher.high;
    this.#low[slot] = this.#hasher.low;
    this.#numbers[slot] = stored;
  }

  #grow(): void {
    const [high, low, numbers] = [this.#high, this.#low, this.#numbers];
    this.#high = new Uint32Array(high.length * 2);
    this.#low = new Uint32Array(high.length * 2);
    this.#numbers = new Uint32Array(high.length * 2);
    for (let i = 0; i < numbers.length; i++) {
      const stored = numbers[i] ?? 0;
      if (stored === 0) continue;
      this.#hasher.high = high[i] ?? 0;
      this.#hasher.low = low[i] ?? 0;
      this.#put(this.#slot(), stored);
    }
  }
}
