/**
 * Folds a history's attempts into the six windows as of one feature time: one walk from the newest
 * row to the oldest, each window going on where the shorter one ended.
 */
import { WINDOWS } from '#src/features/feature-window.ts';
import type { Histories, Place } from './histories.ts';
import { emptyPlace } from './histories.ts';
import {
  COUNTED_ATTRIBUTES,
  FLAG,
  HEADER,
  HEADER_WORD,
  RETENTION_MS,
  ROW,
  ROW_AMOUNT,
  ROW_TIME,
  ROW_WORD,
  ROWS_MAX,
} from './layout.ts';
import { highSquare, SQUARES_UNIT, TALLY, TALLY_DOUBLES } from './tally.ts';
import { sumAttemptTiles } from './tiles.ts';
import { TokenSet } from './token-set.ts';

const WINDOW_MS = Float64Array.from(WINDOWS, ({ milliseconds }) => milliseconds);
const WINDOW_COUNT = WINDOWS.length;
/** Kept below it by carrying into the high part, so that adding a square of up to 2^48 stays exact. */
const LOW_SQUARES_MAX = 2 ** 52;
const FIRST_SEEN_SHIFT = 7;
const HIDDEN_SHIFT = 4;

export class AttemptFold {
  /** Six tallies, the shortest window first. */
  readonly tallies: Float64Array = new Float64Array(WINDOW_COUNT * TALLY_DOUBLES);
  /** Feature time of the last attempt before; 0: there is none. */
  lastAttemptAt = 0;
  /** Rows that `now` sees, in the list's block: those before this number, from `firstRow` on. */
  rowCount = 0;
  firstRow = 0;
  readonly place: Place = emptyPlace();
  readonly #values = new TokenSet();
  readonly #header = emptyPlace();
  readonly #histories: Histories;

  constructor(histories: Histories) {
    this.#histories = histories;
  }

  fold(history: number, now: number): void {
    const histories = this.#histories;
    const header = histories.locate(history, this.#header);
    const word = 2 * header.at;
    const count = header.words[word + HEADER_WORD.attemptCount] ?? 0;
    const isSaturated = ((header.words[word + HEADER_WORD.flags] ?? 0) & FLAG.saturated) !== 0;
    const { doubles, at } = histories.locate(header.words[word + HEADER_WORD.attempts] ?? 0, this.place);
    let seen = count;
    while (seen > 0 && (doubles[at + (seen - 1) * ROW + ROW_TIME] ?? 0) > now) seen--;
    const newest = header.doubles[header.at + HEADER.newestFeatureTime] ?? 0;
    this.firstRow = isSaturated ? Math.max(0, count - ROWS_MAX) : this.#expired(count, newest);
    this.rowCount = seen;
    this.#walk(now);
    if (seen < count) this.#countDistinct(now);
    const lastDroppedAt = header.doubles[header.at + HEADER.lastDroppedAt] ?? 0;
    const last = isSaturated || seen > this.firstRow ? seen : this.firstRow;
    this.lastAttemptAt = last > 0 ? (doubles[at + (last - 1) * ROW + ROW_TIME] ?? 0) : lastDroppedAt;
    if (!isSaturated) this.lastAttemptAt = Math.max(this.lastAttemptAt, lastDroppedAt);
    if (isSaturated) this.#foldTiles(history, now);
  }

  /** Rows that may be dropped at any moment: they count no more, whether they are dropped yet or not. */
  #expired(count: number, newest: number): number {
    const { doubles, at } = this.place;
    let expired = 0;
    while (expired < count && (doubles[at + expired * ROW + ROW_TIME] ?? 0) <= newest - RETENTION_MS)
      expired++;
    return expired;
  }

  #walk(now: number): void {
    const { doubles, words, at } = this.place;
    const { tallies } = this;
    const first = at + this.firstRow * ROW;
    let row = at + (this.rowCount - 1) * ROW;
    let count = 0;
    let unrated = 0;
    let sum = 0;
    let high = 0;
    let low = 0;
    let max = 0;
    let firstSeen = 0;
    let hidden0 = 0;
    let hidden1 = 0;
    let hidden2 = 0;
    for (let window = 0, out = 0; window < WINDOW_COUNT; window++, out += TALLY_DOUBLES) {
      const limit = now - (WINDOW_MS[window] ?? 0);
      for (; row >= first && (doubles[row + ROW_TIME] ?? 0) > limit; row -= ROW) {
        const amount = doubles[row + ROW_AMOUNT] ?? 0;
        const flags = (words[2 * row + ROW_WORD.flags] ?? 0) | 0;
        count++;
        hidden0 += (flags >> HIDDEN_SHIFT) & 1;
        hidden1 += (flags >> (HIDDEN_SHIFT + 1)) & 1;
        hidden2 += (flags >> (HIDDEN_SHIFT + 2)) & 1;
        firstSeen += (flags >> FIRST_SEEN_SHIFT) & 1;
        if (amount < 0) {
          unrated++;
          continue;
        }
        sum += amount;
        if (amount > max) max = amount;
        if (amount < SQUARES_UNIT) {
          low += amount * amount;
        } else {
          high += highSquare(amount);
          low += (amount % SQUARES_UNIT) ** 2;
        }
        if (low >= LOW_SQUARES_MAX) {
          high += Math.floor(low / SQUARES_UNIT);
          low %= SQUARES_UNIT;
        }
      }
      const carried = Math.floor(low / SQUARES_UNIT);
      tallies[out + TALLY.count] = count;
      tallies[out + TALLY.rated] = count - unrated;
      tallies[out + TALLY.sum] = sum;
      tallies[out + TALLY.squaresHigh] = high + carried;
      tallies[out + TALLY.squaresLow] = low - carried * SQUARES_UNIT;
      tallies[out + TALLY.max] = max;
      tallies[out + TALLY.firstSeenCards] = firstSeen;
      tallies[out + TALLY.distinct] = count - hidden0;
      tallies[out + TALLY.distinct + 1] = count - hidden1;
      tallies[out + TALLY.distinct + 2] = count - hidden2;
    }
  }

  /** For a late payment: rows are hidden by later ones that it must not see, so the values are counted afresh. */
  #countDistinct(now: number): void {
    const { doubles, words, at } = this.place;
    for (let attribute = 0; attribute < COUNTED_ATTRIBUTES; attribute++) {
      this.#values.clear();
      let distinct = 0;
      let row = at + (this.rowCount - 1) * ROW;
      for (let window = 0; window < WINDOW_COUNT; window++) {
        const limit = now - (WINDOW_MS[window] ?? 0);
        for (; row >= at + this.firstRow * ROW && (doubles[row + ROW_TIME] ?? 0) > limit; row -= ROW) {
          const value = words[2 * row + ROW_WORD.attributes + attribute] ?? 0;
          if (value !== 0 && this.#values.add(value)) distinct++;
        }
        this.tallies[window * TALLY_DOUBLES + TALLY.distinct + attribute] = distinct;
      }
    }
  }

  /** Windows that reach behind the newest rows count by tiles; different values only among those rows. */
  #foldTiles(history: number, now: number): void {
    const { doubles, at } = this.place;
    const oldestKept = doubles[at + this.firstRow * ROW + ROW_TIME] ?? 0;
    for (let window = 0; window < WINDOW_COUNT; window++) {
      if (oldestKept <= now - (WINDOW_MS[window] ?? 0)) continue;
      const sum = { window, tallies: this.tallies, at: window * TALLY_DOUBLES };
      sumAttemptTiles(this.#histories, history, { now, sum });
    }
  }
}
