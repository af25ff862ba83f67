/**
 * Finds a history by its 64-bit key: open addressing with linear probing over one plain array, so that
 * a look-up touches one line of memory. A `Map` ends at 16.7 million keys and keeps an object for each.
 */

const SLOTS_MIN = 1 << 12;
/** Probing gets slow beyond. */
const LOAD_MAX = 0.6;
/** Words of a slot: key low, key high, block (0: empty), one unused. */
const LOW = 0;
const HIGH = 1;
const BLOCK = 2;
const SLOT_SHIFT = 2;

export class EntityIndex {
  #table = new Uint32Array(SLOTS_MIN << SLOT_SHIFT);
  #mask = SLOTS_MIN - 1;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get slots(): number {
    return this.#mask + 1;
  }

  /** The block of the key's history, 0 when there is none. */
  find(low: number, high: number): number {
    const table = this.#table;
    for (let slot = low & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot << SLOT_SHIFT;
      const block = table[at + BLOCK] ?? 0;
      if (block === 0 || (table[at + LOW] === low && table[at + HIGH] === high)) return block;
    }
  }

  /** The key must not be there. */
  add(low: number, high: number, block: number): void {
    if (this.#size >= this.slots * LOAD_MAX) this.#grow();
    this.#put(low, high, block);
    this.#size++;
  }

  /** Closes the gap behind it, so that probing needs no tombstones. */
  remove(low: number, high: number): void {
    const table = this.#table;
    let gap = low & this.#mask;
    for (; ; gap = (gap + 1) & this.#mask) {
      const at = gap << SLOT_SHIFT;
      if (table[at + BLOCK] === 0) return;
      if (table[at + LOW] === low && table[at + HIGH] === high) break;
    }
    this.#size--;
    for (let slot = (gap + 1) & this.#mask; this.blockAt(slot) !== 0; slot = (slot + 1) & this.#mask) {
      const from = slot << SLOT_SHIFT;
      const home = (table[from + LOW] ?? 0) & this.#mask;
      if (((slot - home) & this.#mask) < ((slot - gap) & this.#mask)) continue;
      table.copyWithin(gap << SLOT_SHIFT, from, from + BLOCK + 1);
      gap = slot;
    }
    table[(gap << SLOT_SHIFT) + BLOCK] = 0;
  }

  /** The block in a slot of the table, 0 where it is empty; for walking over all. */
  blockAt(slot: number): number {
    return this.#table[((slot & this.#mask) << SLOT_SHIFT) + BLOCK] ?? 0;
  }

  clear(): void {
    this.#table.fill(0);
    this.#size = 0;
  }

  #put(low: number, high: number, block: number): void {
    let slot = low & this.#mask;
    while (this.blockAt(slot) !== 0) slot = (slot + 1) & this.#mask;
    const at = slot << SLOT_SHIFT;
    this.#table[at + LOW] = low;
    this.#table[at + HIGH] = high;
    this.#table[at + BLOCK] = block;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    this.#mask = (this.#table.length >> SLOT_SHIFT) - 1;
    for (let at = 0; at < old.length; at += 1 << SLOT_SHIFT) {
      const block = old[at + BLOCK] ?? 0;
      if (block !== 0) this.#put(old[at + LOW] ?? 0, old[at + HIGH] ?? 0, block);
    }
  }
}
