/**
 * The histories in memory: makes, finds and grows them. What rows mean is not known here.
 *
 * A history is named by the block of its header.
 */
import { EntityIndex } from './entity-index.ts';
import type { HistoryRow } from './history-row.ts';
import { HEADER_ORDER, HEADER_WORD, ROW, ROW_AMOUNT, ROW_TIME, ROW_WORD } from './layout.ts';
import { allocateRoom, releaseRoom, roomUnits } from './row-room.ts';
import { BLOCK_WORDS, pageOf, placeOf, Slab } from './slab.ts';

/** Which of a history's two lists: the header word of its block; the count is the word behind it. */
export type RowList = typeof HEADER_WORD.attempts | typeof HEADER_WORD.outcomes;

export const LIST_STEP_SHIFT: Readonly<Record<RowList, number>> = {
  [HEADER_WORD.attempts]: 0,
  [HEADER_WORD.outcomes]: 8,
};
export const EXTENSION_ORDER_SHIFT = 16;

/** Doubles and words of the page that a block lies in, and where it begins in the doubles. */
export interface Place {
  doubles: Float64Array;
  words: Uint32Array;
  at: number;
}

const NOTHING = new Float64Array(0);
const NO_WORDS = new Uint32Array(0);

export class Histories {
  readonly slab: Slab = new Slab();
  readonly index: EntityIndex = new EntityIndex();

  find(keyLow: number, keyHigh: number): number {
    return this.index.find(keyLow, keyHigh);
  }

  /** An empty history; the key must not have one. */
  create(keyLow: number, keyHigh: number): number {
    const history = this.slab.allocate(HEADER_ORDER);
    const { words, doubles, at } = this.locate(history, emptyPlace());
    doubles.fill(0, at, at + BLOCK_WORDS);
    words[2 * at + HEADER_WORD.keyLow] = keyLow;
    words[2 * at + HEADER_WORD.keyHigh] = keyHigh;
    this.index.add(keyLow, keyHigh, history);
    return history;
  }

  locate(block: number, place: Place): Place {
    const page = pageOf(block);
    place.doubles = this.slab.doubles[page] ?? NOTHING;
    place.words = this.slab.words[page] ?? NO_WORDS;
    place.at = placeOf(block);
    return place;
  }

  word(history: number, word: number): number {
    return this.slab.words[pageOf(history)]?.[2 * placeOf(history) + word] ?? 0;
  }

  setWord(history: number, word: number, value: number): void {
    const words = this.slab.words[pageOf(history)];
    if (words) words[2 * placeOf(history) + word] = value;
  }

  double(history: number, double: number): number {
    return this.slab.doubles[pageOf(history)]?.[placeOf(history) + double] ?? 0;
  }

  setDouble(history: number, double: number, value: number): void {
    const doubles = this.slab.doubles[pageOf(history)];
    if (doubles) doubles[placeOf(history) + double] = value;
  }

  order(history: number, shift: number): number {
    return (this.word(history, HEADER_WORD.orders) >>> shift) & 0xff;
  }

  setOrder(history: number, shift: number, order: number): void {
    const orders = this.word(history, HEADER_WORD.orders) & ~(0xff << shift);
    this.setWord(history, HEADER_WORD.orders, orders | (order << shift));
  }

  /** Makes room for one row before the row at `position` and writes it there. */
  insertRow(history: number, list: RowList, { position, row }: { position: number; row: HistoryRow }): void {
    const count = this.word(history, list + 1);
    if (count === this.capacity(history, list)) this.#grow(history, list, count);
    const { doubles, words, at } = this.locate(this.word(history, list), scratch);
    const here = at + position * ROW;
    if (position < count) doubles.copyWithin(here + ROW, here, at + count * ROW);
    writeRow(doubles, words, { at: here, row });
    this.setWord(history, list + 1, count + 1);
  }

  /** Forgets the first `dropped` rows of a list. */
  dropRows(history: number, list: RowList, dropped: number): void {
    const count = this.word(history, list + 1);
    const { doubles, at } = this.locate(this.word(history, list), scratch);
    doubles.copyWithin(at, at + dropped * ROW, at + count * ROW);
    this.setWord(history, list + 1, count - dropped);
  }

  capacity(history: number, list: RowList): number {
    if (this.word(history, list) === 0) return 0;
    return capacityOf(this.order(history, LIST_STEP_SHIFT[list]));
  }

  /** Makes a list as large as room of `step` holds, whatever is in it. */
  reserve(history: number, list: RowList, step: number): void {
    const isLess = () => this.word(history, list) === 0 || this.order(history, LIST_STEP_SHIFT[list]) < step;
    while (isLess()) this.#grow(history, list, this.word(history, list + 1));
  }

  /** Gives a history a second block of `order`, zeroed, named in its header at `word`. */
  extend(history: number, word: number, order: number): number {
    const block = this.slab.allocate(order);
    const { doubles, at } = this.locate(block, scratch);
    doubles.fill(0, at, at + (BLOCK_WORDS << order));
    this.setWord(history, word, block);
    return block;
  }

  /** Gives all memory of a history back. */
  remove(history: number, tilesOrder: number): void {
    for (const list of [HEADER_WORD.attempts, HEADER_WORD.outcomes] as const) {
      const rows = this.word(history, list);
      if (rows !== 0) releaseRoom(this.slab, rows, this.order(history, LIST_STEP_SHIFT[list]));
    }
    const extension = this.word(history, HEADER_WORD.extension);
    if (extension !== 0) this.slab.release(extension, this.order(history, EXTENSION_ORDER_SHIFT));
    const tiles = this.word(history, HEADER_WORD.tiles);
    if (tiles !== 0) this.slab.release(tiles, tilesOrder);
    this.index.remove(this.word(history, HEADER_WORD.keyLow), this.word(history, HEADER_WORD.keyHigh));
    this.slab.release(history, HEADER_ORDER);
  }

  clear(): void {
    this.slab.clear();
    this.index.clear();
  }

  #grow(history: number, list: RowList, count: number): void {
    const old = this.word(history, list);
    const oldStep = this.order(history, LIST_STEP_SHIFT[list]);
    const step = old === 0 ? 0 : oldStep + 1;
    const block = allocateRoom(this.slab, step);
    if (old !== 0) {
      const from = this.locate(old, scratch);
      const rows = from.doubles.subarray(from.at, from.at + count * ROW);
      const to = this.locate(block, scratch);
      to.doubles.set(rows, to.at);
      releaseRoom(this.slab, old, oldStep);
    }
    this.setWord(history, list, block);
    this.setOrder(history, LIST_STEP_SHIFT[list], step);
  }
}

export function emptyPlace(): Place {
  return { doubles: NOTHING, words: NO_WORDS, at: 0 };
}

const scratch = emptyPlace();

export function capacityOf(step: number): number {
  return Math.floor((roomUnits(step) * BLOCK_WORDS) / ROW);
}

function writeRow(
  doubles: Float64Array,
  words: Uint32Array,
  { at, row }: { at: number; row: HistoryRow },
): void {
  doubles[at + ROW_TIME] = row.time;
  doubles[at + ROW_AMOUNT] = row.amount;
  const word = at * 2;
  words[word + ROW_WORD.attributes] = row.attributes[0] ?? 0;
  words[word + ROW_WORD.attributes + 1] = row.attributes[1] ?? 0;
  words[word + ROW_WORD.attributes + 2] = row.attributes[2] ?? 0;
  words[word + ROW_WORD.attributes + 3] = row.attributes[3] ?? 0;
  words[word + ROW_WORD.flags] = row.flags;
  words[word + ROW_WORD.traits] = row.traits;
  words[word + ROW_WORD.idLow] = row.idLow;
  words[word + ROW_WORD.idHigh] = row.idHigh;
}
