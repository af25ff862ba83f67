/**
 * Pairs of a term and a slot (a record's place in its segment), as columns: filled in any order while
 * the segment is open, then sorted by the term's hash and cut into blocks.
 */
export interface TermBlock {
  /** Upper half of the first hash. */
  readonly firstHigh: number;
  readonly bytes: Uint8Array;
}

/** A block is read whole for a look-up: 512 entries of ten bytes are about a page. */
const ENTRIES_IN_BLOCK = 512;
const ENTRY_BYTES = 10;
const INITIAL_ENTRIES = 1 << 16;
/** An index below it fits beside 32 bits of hash in a number that a native sort can order. */
const ENTRIES_MAX = 1 << 21;

export class TermColumns {
  #high = new Uint32Array(INITIAL_ENTRIES);
  #low = new Uint32Array(INITIAL_ENTRIES);
  #slots = new Uint16Array(INITIAL_ENTRIES);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(high: number, low: number, slot: number): void {
    if (this.#count === this.#high.length) this.#grow();
    this.#high[this.#count] = high;
    this.#low[this.#count] = low;
    this.#slots[this.#count] = slot;
    this.#count++;
  }

  /** Slots of the term, ascending, each once. */
  slotsOf(high: number, low: number, into: number[]): void {
    for (let i = 0; i < this.#count; i++) {
      if (this.#high[i] === high && this.#low[i] === low) pushOnce(into, this.#slots[i] ?? 0);
    }
  }

  /** Keeps what `keep` says. */
  filter(keep: (low: number, slot: number) => boolean): void {
    let kept = 0;
    for (let i = 0; i < this.#count; i++) {
      const low = this.#low[i] ?? 0;
      const slot = this.#slots[i] ?? 0;
      if (!keep(low, slot)) continue;
      this.#high[kept] = this.#high[i] ?? 0;
      this.#low[kept] = low;
      this.#slots[kept++] = slot;
    }
    this.#count = kept;
  }

  /** The entries ordered by the hash's upper half, and within it as they were added. */
  toBlocks(): TermBlock[] {
    const order = this.#order();
    const blocks: TermBlock[] = [];
    for (let start = 0; start < order.length; start += ENTRIES_IN_BLOCK) {
      blocks.push(this.#block(order.subarray(start, start + ENTRIES_IN_BLOCK)));
    }
    return blocks;
  }

  /** Takes back what `toBlocks` gave. */
  addBlock(bytes: Uint8Array): void {
    const { high, low, slots } = columnsOf(bytes);
    for (let i = 0; i < slots.length; i++) this.add(high[i] ?? 0, low[i] ?? 0, slots[i] ?? 0);
  }

  #order(): Uint32Array {
    if (this.#count > ENTRIES_MAX) throw new RangeError(`a segment has ${this.#count} terms`);
    const keys = new Float64Array(this.#count);
    for (let i = 0; i < this.#count; i++) keys[i] = (this.#high[i] ?? 0) * ENTRIES_MAX + i;
    keys.sort();
    const order = new Uint32Array(this.#count);
    for (let i = 0; i < order.length; i++) order[i] = (keys[i] ?? 0) % ENTRIES_MAX;
    return order;
  }

  #block(order: Uint32Array): TermBlock {
    const bytes = new Uint8Array(order.length * ENTRY_BYTES);
    const { high, low, slots } = columnsOf(bytes);
    for (let i = 0; i < order.length; i++) {
      const from = order[i] ?? 0;
      high[i] = this.#high[from] ?? 0;
      low[i] = this.#low[from] ?? 0;
      slots[i] = this.#slots[from] ?? 0;
    }
    return { firstHigh: high[0] ?? 0, bytes };
  }

  #grow(): void {
    const size = this.#high.length * 2;
    this.#high = grown(this.#high, new Uint32Array(size));
    this.#low = grown(this.#low, new Uint32Array(size));
    this.#slots = grown(this.#slots, new Uint16Array(size));
  }
}

/** Slots of the term in a block; false once the block ends before the hash does. */
export function slotsInBlock(bytes: Uint8Array, term: { high: number; low: number }, into: number[]): void {
  const { high, low, slots } = columnsOf(bytes);
  for (let i = firstAtLeast(high, term.high); i < high.length && high[i] === term.high; i++) {
    if (low[i] === term.low) pushOnce(into, slots[i] ?? 0);
  }
}

function columnsOf(bytes: Uint8Array): { high: Uint32Array; low: Uint32Array; slots: Uint16Array } {
  const aligned = bytes.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0 ? bytes : Uint8Array.from(bytes);
  const { buffer, byteOffset, byteLength } = aligned;
  const count = byteLength / ENTRY_BYTES;
  return {
    high: new Uint32Array(buffer, byteOffset, count),
    low: new Uint32Array(buffer, byteOffset + count * 4, count),
    slots: new Uint16Array(buffer, byteOffset + count * 8, count),
  };
}

/** Index of the first value that is not below `value`. */
export function firstAtLeast(sorted: Uint32Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? 0) < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

function pushOnce(into: number[], slot: number): void {
  if (into.at(-1) !== slot) into.push(slot);
}

function grown<Column extends Uint32Array | Uint16Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
