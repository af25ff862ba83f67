/**
 * Memory for histories: pages of numbers, handed out in blocks of 128 bytes times a power of two (a
 * buddy allocator; Knuth, The Art of Computer Programming, 2.5 C). Freed neighbours join again, so a
 * bounded cache does not crumble. Nothing here is an object that the garbage collector visits.
 *
 * A block is named by a number: its place in units of 128 bytes, counted over all pages; never 0.
 */

/** In numbers of 8 bytes. */
export const BLOCK_WORDS = 16;
const PAGE_ORDER = 15;
/** 32,768 blocks: 4 MiB. The largest block is a page. */
const PAGE_BLOCKS = 1 << PAGE_ORDER;
const BLOCK_MASK = PAGE_BLOCKS - 1;
const PAGE_BYTES = PAGE_BLOCKS * BLOCK_WORDS * 8;

export class Slab {
  /** The pages, read as doubles and as 32-bit words. */
  readonly doubles: Float64Array[] = [];
  readonly words: Uint32Array[] = [];
  /** For each block of a page that begins a free one: its order and one; else 0. */
  readonly #free: Uint8Array[] = [];
  /** Candidates for each order; those that have joined a larger block since are skipped. */
  readonly #candidates: number[][] = Array.from({ length: PAGE_ORDER + 1 }, () => []);
  #bytesUsed = 0;

  get bytesUsed(): number {
    return this.#bytesUsed;
  }

  get bytesReserved(): number {
    return this.doubles.length * PAGE_BYTES;
  }

  /** A block of `2 ** order` units; its content is what was there before. */
  allocate(order: number): number {
    let found = order;
    let block = this.#take(found);
    while (block === 0 && found < PAGE_ORDER) block = this.#take(++found);
    if (block === 0) block = this.#addPage();
    for (; found > order; found--) this.#offer(block + (1 << (found - 1)), found - 1);
    this.#bytesUsed += (BLOCK_WORDS * 8) << order;
    return block;
  }

  release(block: number, order: number): void {
    this.#bytesUsed -= (BLOCK_WORDS * 8) << order;
    let start = block;
    let grown = order;
    const free = this.#free[start >>> PAGE_ORDER];
    if (!free) throw new Error('released a block of no page');
    for (; grown < PAGE_ORDER; grown++) {
      const neighbour = start ^ (1 << grown);
      if (neighbour === 0 || free[neighbour & BLOCK_MASK] !== grown + 1) break;
      free[neighbour & BLOCK_MASK] = 0;
      start &= ~(1 << grown);
    }
    this.#offer(start, grown);
  }

  clear(): void {
    this.doubles.length = 0;
    this.words.length = 0;
    this.#free.length = 0;
    for (const candidates of this.#candidates) candidates.length = 0;
    this.#bytesUsed = 0;
  }

  #take(order: number): number {
    const candidates = this.#candidates[order] ?? [];
    for (let block = candidates.pop(); block !== undefined; block = candidates.pop()) {
      const free = this.#free[block >>> PAGE_ORDER];
      if (free?.[block & BLOCK_MASK] !== order + 1) continue;
      free[block & BLOCK_MASK] = 0;
      return block;
    }
    return 0;
  }

  #offer(block: number, order: number): void {
    const free = this.#free[block >>> PAGE_ORDER];
    if (free) free[block & BLOCK_MASK] = order + 1;
    this.#candidates[order]?.push(block);
  }

  /** Returns the page as one block; the first page keeps its first unit, because no block is named 0. */
  #addPage(): number {
    const bytes = new ArrayBuffer(PAGE_BYTES);
    const page = this.doubles.push(new Float64Array(bytes)) - 1;
    this.words.push(new Uint32Array(bytes));
    this.#free.push(new Uint8Array(PAGE_BLOCKS));
    if (page > 0) return page * PAGE_BLOCKS;
    for (let order = 0; order < PAGE_ORDER; order++) this.#offer(1 << order, order);
    return this.#addPage();
  }
}

export function pageOf(block: number): number {
  return block >>> PAGE_ORDER;
}

/** Where the block begins in `doubles` of its page; twice that in `words`. */
export function placeOf(block: number): number {
  return (block & BLOCK_MASK) * BLOCK_WORDS;
}
