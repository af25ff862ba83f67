/**
 * The attempts of a history: rows in order of feature time, equal times in order of arrival.
 *
 * A row is *hidden* in an attribute when a later row has the same value. The rows of a window that
 * are not hidden are then as many as there are different values in it, without hashing anything.
 */
import type { Histories } from './histories.ts';
import { emptyPlace } from './histories.ts';
import type { HistoryRow } from './history-row.ts';
import {
  COUNTED_ATTRIBUTES,
  FLAG,
  HEADER,
  HEADER_WORD,
  RETENTION_MS,
  ROW,
  ROW_FLAG,
  ROW_TIME,
  ROW_WORD,
  ROW_WORDS,
  ROWS_MAX,
} from './layout.ts';
import { addAttemptToTiles, createTiles } from './tiles.ts';
import { TokenSet } from './token-set.ts';

const LIST = HEADER_WORD.attempts;

export class AttemptList {
  readonly #histories: Histories;
  readonly #place = emptyPlace();
  readonly #values = new TokenSet();

  constructor(histories: Histories) {
    this.#histories = histories;
  }

  /** Adds an attempt; `row.flags` gets its hidden bits. */
  add(history: number, row: HistoryRow): void {
    const histories = this.#histories;
    const { doubles, at } = histories.locate(history, this.#place);
    const newest = Math.max(doubles[at + HEADER.newestFeatureTime] ?? 0, row.time);
    doubles[at + HEADER.newestFeatureTime] = newest;
    this.makeRoom(history, newest);
    this.#insert(history, row);
    if (this.#isSaturated(history)) addAttemptToTiles(histories, history, row);
  }

  /** Puts back a row that came from the store; neither trims nor hides. `restored` ends it. */
  restore(history: number, row: HistoryRow): void {
    this.#histories.insertRow(history, LIST, { position: this.#positionOf(history, row.time), row });
  }

  /** After all rows are back: finds again which rows later ones hide. */
  restored(history: number): void {
    const { words, at } = this.#locateRows(history);
    const count = this.#histories.word(history, LIST + 1);
    for (let attribute = 0; attribute < COUNTED_ATTRIBUTES; attribute++) {
      this.#values.clear();
      for (let row = 2 * at + (count - 1) * ROW_WORDS; row >= 2 * at; row -= ROW_WORDS) {
        const value = words[row + ROW_WORD.attributes + attribute] ?? 0;
        if (value !== 0 && this.#values.add(value)) continue;
        words[row + ROW_WORD.flags] = (words[row + ROW_WORD.flags] ?? 0) | (ROW_FLAG.hidden << attribute);
      }
    }
  }

  /** Before one more row: forgets what no window reaches, and saturates the history when it is full of the rest. */
  makeRoom(history: number, newest: number): void {
    const histories = this.#histories;
    const count = histories.word(history, LIST + 1);
    const isFull = count > 0 && count === histories.capacity(history, LIST);
    if (this.#isSaturated(history)) {
      if (isFull) this.#drop(history, count - ROWS_MAX);
      return;
    }
    if (isFull || count >= ROWS_MAX) this.trim(history, newest);
    if (histories.word(history, LIST + 1) >= ROWS_MAX) this.#saturate(history);
  }

  /** Forgets rows that no window can reach any more. */
  trim(history: number, newest: number): void {
    const { doubles, at } = this.#locateRows(history);
    const count = this.#histories.word(history, LIST + 1);
    let expired = 0;
    while (expired < count && (doubles[at + expired * ROW + ROW_TIME] ?? 0) <= newest - RETENTION_MS)
      expired++;
    if (expired > 0) this.#drop(history, expired);
  }

  #drop(history: number, dropped: number): void {
    const { doubles, at } = this.#locateRows(history);
    const before = this.#histories.double(history, HEADER.lastDroppedAt);
    const last = Math.max(before, doubles[at + (dropped - 1) * ROW + ROW_TIME] ?? 0);
    this.#histories.setDouble(history, HEADER.lastDroppedAt, last);
    this.#histories.dropRows(history, LIST, dropped);
  }

  #isSaturated(history: number): boolean {
    return (this.#histories.word(history, HEADER_WORD.flags) & FLAG.saturated) !== 0;
  }

  #saturate(history: number): void {
    const histories = this.#histories;
    histories.setWord(
      history,
      HEADER_WORD.flags,
      histories.word(history, HEADER_WORD.flags) | FLAG.saturated,
    );
    createTiles(histories, history);
  }

  #insert(history: number, row: HistoryRow): void {
    const count = this.#histories.word(history, LIST + 1);
    const position = this.#positionOf(history, row.time);
    if (count > 0) this.#hide(history, { position, row });
    for (let attribute = 0; attribute < COUNTED_ATTRIBUTES; attribute++) {
      if (row.attributes[attribute] === 0) row.flags |= ROW_FLAG.hidden << attribute;
    }
    this.#histories.insertRow(history, LIST, { position, row });
  }

  /** Behind all rows of the same time or an earlier one. */
  #positionOf(history: number, time: number): number {
    const { doubles, at } = this.#locateRows(history);
    let position = this.#histories.word(history, LIST + 1);
    while (position > 0 && (doubles[at + (position - 1) * ROW + ROW_TIME] ?? 0) > time) position--;
    return position;
  }

  /** Hides the last row before `position` with each value of `row`, or `row` itself where a later one has it. */
  #hide(history: number, { position, row }: { position: number; row: HistoryRow }): void {
    const { words, at } = this.#locateRows(history);
    const first = 2 * at;
    const here = first + position * ROW_WORDS;
    const end = first + this.#histories.word(history, LIST + 1) * ROW_WORDS;
    for (let attribute = 0; attribute < COUNTED_ATTRIBUTES; attribute++) {
      const value = row.attributes[attribute] ?? 0;
      if (value === 0) continue;
      const column = ROW_WORD.attributes + attribute;
      for (let later = here; later < end; later += ROW_WORDS) {
        if (words[later + column] === value) row.flags |= ROW_FLAG.hidden << attribute;
      }
      let earlier = here - ROW_WORDS;
      while (earlier >= first && words[earlier + column] !== value) earlier -= ROW_WORDS;
      if (earlier >= first) {
        words[earlier + ROW_WORD.flags] =
          (words[earlier + ROW_WORD.flags] ?? 0) | (ROW_FLAG.hidden << attribute);
      }
    }
  }

  #locateRows(history: number) {
    return this.#histories.locate(this.#histories.word(history, LIST), this.#place);
  }
}
