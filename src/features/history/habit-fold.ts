/**
 * The habits of an account or a card: what its trusted payments of 30 days have been like. Trusted
 * is what was posted a day ago or earlier and carries no label of fraud in sight that stands.
 */
import type { OutcomeFold } from './outcome-fold.ts';
import { ROW_KIND } from './history-row.ts';
import {
  ATTRIBUTES,
  HOUR_MASK,
  HOUR_SHIFT,
  ROW,
  ROW_AMOUNT,
  ROW_FLAG,
  ROW_TIME,
  ROW_WORD,
} from './layout.ts';
import { DAY_MS } from '#src/features/feature-window.ts';
import { countryOfTraits, timezoneOfTraits } from '#src/features/key-layout.ts';

/** The newest so many make a habit: enough for a 90th percentile, few enough to sort for each payment. */
export const HABIT_PAYMENTS = 64;
const HABIT_MS = 30 * DAY_MS;

/** What of the payment in hand is compared with the habit. */
export interface HabitQuestion {
  readonly shardTime: number;
  readonly hourOfWeek: number;
  readonly traits: number;
  /** Those of the payment in the order of the entity's rows. */
  readonly attributes: Uint32Array;
}

export class HabitFold {
  /** Trusted payments looked at, at most `HABIT_PAYMENTS`. */
  count = 0;
  sameHour = 0;
  sameWeekday = 0;
  sameTimezone = 0;
  sameCountry = 0;
  /** Their amounts where there was a rate, ascending: the first `rated` numbers. */
  readonly amounts: Float64Array = new Float64Array(HABIT_PAYMENTS);
  rated = 0;
  /** For each attribute: trusted payments with the same value in 30 days, and when the first was posted (0: none). */
  readonly together: Uint32Array = new Uint32Array(ATTRIBUTES);
  readonly togetherSince: Float64Array = new Float64Array(ATTRIBUTES);
  /** For each attribute: a label of fraud in sight stands on the same value. */
  readonly isMarked: Uint8Array = new Uint8Array(ATTRIBUTES);
  readonly #outcomes: OutcomeFold;

  /** `outcomes` has just folded the history that is asked about. */
  constructor(outcomes: OutcomeFold) {
    this.#outcomes = outcomes;
  }

  fold(question: HabitQuestion): void {
    this.count = this.sameHour = this.sameWeekday = this.sameTimezone = this.sameCountry = this.rated = 0;
    this.together.fill(0);
    this.togetherSince.fill(0);
    this.#mark(question.attributes);
    const { place, agedCount, firstRow } = this.#outcomes;
    const { doubles, words, at } = place;
    for (let index = agedCount - 1; index >= firstRow; index--) {
      const row = at + index * ROW;
      if ((doubles[row + ROW_TIME] ?? 0) <= question.shardTime - HABIT_MS) break;
      if (((words[2 * row + ROW_WORD.flags] ?? 0) & ROW_FLAG.kindMask) !== ROW_KIND.posted) continue;
      if (this.#isWithdrawn(2 * row)) continue;
      this.#meet(row, question.attributes);
      if (this.count < HABIT_PAYMENTS) this.#compare(row, question);
    }
    sortAscending(this.amounts, this.rated);
  }

  #mark(attributes: Uint32Array): void {
    const { labels, place } = this.#outcomes;
    this.isMarked.fill(0);
    for (const { attributesAt } of labels.marks) {
      for (let attribute = 0; attribute < ATTRIBUTES; attribute++) {
        if (place.words[attributesAt + attribute] === attributes[attribute]) this.isMarked[attribute] = 1;
      }
    }
  }

  #isWithdrawn(word: number): boolean {
    const { labels, place } = this.#outcomes;
    for (const { idLow, idHigh } of labels.marks) {
      if (place.words[word + ROW_WORD.idLow] === idLow && place.words[word + ROW_WORD.idHigh] === idHigh)
        return true;
    }
    return false;
  }

  #meet(row: number, attributes: Uint32Array): void {
    const { doubles, words } = this.#outcomes.place;
    for (let attribute = 0; attribute < ATTRIBUTES; attribute++) {
      if (words[2 * row + ROW_WORD.attributes + attribute] !== attributes[attribute]) continue;
      this.together[attribute] = (this.together[attribute] ?? 0) + 1;
      this.togetherSince[attribute] = doubles[row + ROW_TIME] ?? 0;
    }
  }

  #compare(row: number, { hourOfWeek, traits }: HabitQuestion): void {
    const { doubles, words } = this.#outcomes.place;
    const hour = ((words[2 * row + ROW_WORD.flags] ?? 0) >>> HOUR_SHIFT) & HOUR_MASK;
    const rowTraits = words[2 * row + ROW_WORD.traits] ?? 0;
    const amount = doubles[row + ROW_AMOUNT] ?? 0;
    const hoursApart = (hour - hourOfWeek + 168) % 24;
    this.count++;
    if (hoursApart <= 1 || hoursApart === 23) this.sameHour++;
    if (Math.floor(hour / 24) === Math.floor(hourOfWeek / 24)) this.sameWeekday++;
    if (timezoneOfTraits(rowTraits) === timezoneOfTraits(traits)) this.sameTimezone++;
    if (countryOfTraits(rowTraits) === countryOfTraits(traits)) this.sameCountry++;
    if (amount >= 0) this.amounts[this.rated++] = amount;
  }
}

/** Insertion sort: few numbers, no allocation. */
function sortAscending(values: Float64Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const value = values[i] ?? 0;
    let hole = i;
    for (; hole > 0 && (values[hole - 1] ?? 0) > value; hole--) values[hole] = values[hole - 1] ?? 0;
    values[hole] = value;
  }
}
