/**
 * Folds a history's outcomes as of one shard time: sums for each window over what is at least a
 * minute old, what is known of labels, and the habits in what is at least a day old.
 */
import { WINDOWS } from '#src/features/feature-window.ts';
import type { Histories, Place } from './histories.ts';
import { emptyPlace } from './histories.ts';
import { ROW_KIND } from './history-row.ts';
import {
  FLAG,
  HEADER_WORD,
  OUTCOME_DELAY_MS,
  ROW,
  ROW_AMOUNT,
  ROW_FLAG,
  ROW_TIME,
  ROW_WORD,
} from './layout.ts';
import { LabelFold } from './label-fold.ts';
import type { OutcomeList } from './outcome-list.ts';
import { addToOutcomeTally, OUTCOME_TALLY, OUTCOME_TALLY_DOUBLES, sumOutcomeTiles } from './tiles.ts';

const WINDOW_MS = Float64Array.from(WINDOWS, ({ milliseconds }) => milliseconds);
const WINDOW_COUNT = WINDOWS.length;

export class OutcomeFold {
  /** Six tallies of `OUTCOME_TALLY`, the shortest window first. */
  readonly tallies: Float64Array = new Float64Array(WINDOW_COUNT * OUTCOME_TALLY_DOUBLES);
  /** What is known of labels of fraud. */
  readonly labels: LabelFold = new LabelFold();
  /** Shard time of the last posting in 30 days; 0: none. */
  lastPostedAt = 0;
  readonly place: Place = emptyPlace();
  firstRow = 0;
  /** Rows that have aged: those before this number. */
  agedCount = 0;
  readonly #header = emptyPlace();
  /** What the walk has seen beside postings. */
  readonly #rare = new Float64Array(OUTCOME_TALLY_DOUBLES);
  readonly #histories: Histories;
  readonly #outcomes: OutcomeList;

  constructor(histories: Histories, outcomes: OutcomeList) {
    this.#histories = histories;
    this.#outcomes = outcomes;
  }

  fold(history: number, shardTime: number): void {
    const histories = this.#histories;
    this.#outcomes.age(history, shardTime);
    const { words, at } = histories.locate(history, this.#header);
    const word = 2 * at;
    this.labels.begin(this.#header);
    this.lastPostedAt = 0;
    this.agedCount = words[word + HEADER_WORD.agedCount] ?? 0;
    const count = words[word + HEADER_WORD.outcomeCount] ?? 0;
    const isSaturated = ((words[word + HEADER_WORD.flags] ?? 0) & FLAG.saturated) !== 0;
    this.firstRow = 0;
    if (count > 0) {
      this.firstRow = this.#outcomes.firstRow(history);
      histories.locate(words[word + HEADER_WORD.outcomes] ?? 0, this.place);
      this.#walk(shardTime, count);
    } else {
      this.tallies.fill(0);
    }
    this.labels.end();
    if (isSaturated) this.#foldTiles(history, shardTime);
  }

  #walk(shardTime: number, count: number): void {
    const { doubles, words, at } = this.place;
    const { tallies, firstRow } = this;
    let index = count - 1;
    while (index >= firstRow && (doubles[at + index * ROW + ROW_TIME] ?? 0) > shardTime - OUTCOME_DELAY_MS)
      index--;
    let postedSum = 0;
    this.#rare.fill(0);
    for (let window = 0, out = 0; window < WINDOW_COUNT; window++, out += OUTCOME_TALLY_DOUBLES) {
      const limit = shardTime - (WINDOW_MS[window] ?? 0);
      for (; index >= firstRow; index--) {
        const row = at + index * ROW;
        const time = doubles[row + ROW_TIME] ?? 0;
        if (time <= limit) break;
        if (((words[2 * row + ROW_WORD.flags] ?? 0) & ROW_FLAG.kindMask) !== ROW_KIND.posted) {
          this.#takeRare(index);
          continue;
        }
        const amount = doubles[row + ROW_AMOUNT] ?? 0;
        if (amount > 0) postedSum += amount;
        if (time > this.lastPostedAt) this.lastPostedAt = time;
      }
      for (let part = 0; part < OUTCOME_TALLY_DOUBLES; part++) tallies[out + part] = this.#rare[part] ?? 0;
      tallies[out + OUTCOME_TALLY.postedSum] = postedSum;
    }
  }

  /** Anything but a posting, which is what most rows are. */
  #takeRare(index: number): void {
    const { doubles, words, at } = this.place;
    const row = at + index * ROW;
    const flags = words[2 * row + ROW_WORD.flags] ?? 0;
    const kind = flags & ROW_FLAG.kindMask;
    if (kind === ROW_KIND.cleared) return this.labels.takeCleared(this.place, index);
    if (kind === ROW_KIND.fraud && !this.labels.takeFraud(this.place, index)) return;
    addToOutcomeTally(this.#rare, 0, { amount: doubles[row + ROW_AMOUNT] ?? 0, flags });
  }

  #foldTiles(history: number, shardTime: number): void {
    for (let window = 0; window < WINDOW_COUNT; window++) {
      const sum = { window, tallies: this.tallies, at: window * OUTCOME_TALLY_DOUBLES };
      sumOutcomeTiles(this.#histories, history, { now: shardTime, sum });
    }
  }
}
