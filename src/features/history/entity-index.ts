/**
 * Finds a history by its 64-bit key: open addressing with linear probing over plain arrays. A `Map`
 * ends at 16.7 million keys and keeps an object for each.
 */

const SLOTS_MIN = 1 << 16;
/** Probing gets slow beyond. */
const LOAD_MAX = 0.6;

export class EntityIndex {
  #blocks = new Uint32Array(SLOTS_MIN);
  #lows = new Uint32Array(SLOTS_MIN);
  #highs = new Uint32Array(SLOTS_MIN);
  #mask = SLOTS_MIN - 1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#blocks.byteLength * 3;
  }

  /** The block of the key's history, 0 when there is none. */
  find(low: number, high: number): number {
    const lows = this.#lows;
    const highs = this.#highs;
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const block = this.#blocks[slot] ?? 0;
      if (block === 0 || (lows[slot] === low && highs[slot] === high)) return block;
    }
  }

  /** The key must not be there. */
  add(low: number, high: number, block: number): void {
    if (this.#size >= this.#blocks.length * LOAD_MAX) this.#grow();
    this.#put(low, high, block);
    this.#size++;
  }

  /** Closes the gap behind it, so that probing needs no tombstones. */
  remove(low: number, high: number): void {
    let gap = low & this.#mask;
    while (this.#lows[gap] !== low || this.#highs[gap] !== high || this.#blocks[gap] === 0) {
      if (this.#blocks[gap] === 0) return;
      gap = (gap + 1) & this.#mask;
    }
    this.#size--;
    for (let slot = (gap + 1) & this.#mask; this.#blocks[slot] !== 0; slot = (slot + 1) & this.#mask) {
      const home = (this.#lows[slot] ?? 0) & this.#mask;
      if (((slot - home) & this.#mask) < ((slot - gap) & this.#mask)) continue;
      this.#move(slot, gap);
      gap = slot;
    }
    this.#blocks[gap] = 0;
  }

  /** The block in a slot of the table, 0 where it is empty; for walking over all. */
  blockAt(slot: number): number {
    return this.#blocks[slot & this.#mask] ?? 0;
  }

  get slots(): number {
    return this.#blocks.length;
  }

  clear(): void {
    this.#blocks.fill(0);
    this.#size = 0;
  }

  #move(from: number, to: number): void {
    this.#blocks[to] = this.#blocks[from] ?? 0;
    this.#lows[to] = this.#lows[from] ?? 0;
    this.#highs[to] = this.#highs[from] ?? 0;
  }

  #put(low: number, high: number, block: number): void {
    let slot = low & this.#mask;
    while (this.#blocks[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#blocks[slot] = block;
    this.#lows[slot] = low;
    this.#highs[slot] = high;
  }

  #grow(): void {
    const blocks = this.#blocks;
    const lows = this.#lows;
    const highs = this.#highs;
    const length = blocks.length * 2;
    this.#blocks = new Uint32Array(length);
    this.#lows = new Uint32Array(length);
    this.#highs = new Uint32Array(length);
    this.#mask = length - 1;
    blocks.forEach((block, slot) => {
      if (block !== 0) this.#put(lows[slot] ?? 0, highs[slot] ?? 0, block);
    });
  }
}
