/**
 * Which labels of fraud on an entity stand, as of one shard time, and what they take trust from. Rows
 * are taken newest first, so that a label is met after what takes it back.
 *
 * Labels that are a day old stand in the header too, those taken back subtracted; of the rows that it
 * has not taken in, the fold does the same.
 */
import type { Place } from './histories.ts';
import { ROW_KIND } from './history-row.ts';
import { HEADER, HEADER_WORD, ROW, ROW_FLAG, ROW_TIME, ROW_WORD } from './layout.ts';

/** The newest labels that take trust away; of an entity with more, nothing is worth trusting. */
const MARKS_MAX = 64;

/** A payment's id with what its label takes trust from. */
export interface FraudMark {
  readonly idLow: number;
  readonly idHigh: number;
  /** Word in the rows' block where the label's attributes begin. */
  readonly attributesAt: number;
}

/** A payment whose label of fraud no longer stands. */
interface TakenBack {
  readonly idLow: number;
  readonly idHigh: number;
  /** The header does not know yet that it was taken back. */
  readonly isFresh: boolean;
  readonly isOnPosted: boolean;
}

export class LabelFold {
  /** Labels that stand. */
  count = 0;
  /** When the newest came; where all that stand are older than 30 days, the last of all. 0: none stands. */
  lastAt = 0;
  /** Labels in sight that stand, in the rows' block. */
  readonly marks: FraudMark[] = [];
  /** Trust that labels have taken and given back and that the lifetime extension does not know of yet. */
  freshWithdrawals = 0;
  readonly #takenBack: TakenBack[] = [];
  #isEntityCleared = false;
  #isEntityFreshlyCleared = false;
  #onEntity = 0;
  #lastAged = 0;
  #agedCount = 0;

  begin({ doubles, words, at }: Place): void {
    this.count = words[2 * at + HEADER_WORD.fraudLabels] ?? 0;
    this.#onEntity = words[2 * at + HEADER_WORD.labelsOnEntity] ?? 0;
    this.#lastAged = doubles[at + HEADER.lastFraudAt] ?? 0;
    this.#agedCount = words[2 * at + HEADER_WORD.agedCount] ?? 0;
    this.lastAt = 0;
    this.freshWithdrawals = 0;
    this.#isEntityCleared = this.#isEntityFreshlyCleared = false;
    if (this.marks.length > 0) this.marks.length = 0;
    if (this.#takenBack.length > 0) this.#takenBack.length = 0;
  }

  /** Takes a row that takes labels back. */
  takeCleared({ words, at }: Place, index: number): void {
    const word = 2 * (at + index * ROW);
    const idLow = words[word + ROW_WORD.idLow] ?? 0;
    const idHigh = words[word + ROW_WORD.idHigh] ?? 0;
    const isFresh = index >= this.#agedCount;
    if (idLow === 0 && idHigh === 0) {
      this.#isEntityCleared = true;
      this.#isEntityFreshlyCleared ||= isFresh;
      return;
    }
    const isOnPosted = ((words[word + ROW_WORD.flags] ?? 0) & ROW_FLAG.onPosted) !== 0;
    this.#takenBack.push({ idLow, idHigh, isFresh, isOnPosted });
  }

  /** Takes a label of fraud; false when it was taken back. */
  takeFraud(place: Place, index: number): boolean {
    const { doubles, words, at } = place;
    const word = 2 * (at + index * ROW);
    const mark = {
      idLow: words[word + ROW_WORD.idLow] ?? 0,
      idHigh: words[word + ROW_WORD.idHigh] ?? 0,
      attributesAt: word + ROW_WORD.attributes,
    };
    if (this.#wasTakenBack(mark, index)) return false;
    if (this.marks.length < MARKS_MAX) this.marks.push(mark);
    this.lastAt = Math.max(this.lastAt, doubles[at + index * ROW + ROW_TIME] ?? 0);
    if (index < this.#agedCount) return true;
    this.count++;
    const isOnPosted = ((words[word + ROW_WORD.flags] ?? 0) & ROW_FLAG.onPosted) !== 0;
    if (isOnPosted && !this.#isFreshlyPosted(place, mark, index)) this.freshWithdrawals++;
    return true;
  }

  /** After the last row: what was taken back and lies out of sight. */
  end(): void {
    for (const one of this.#takenBack) if (one.isFresh) this.#takeFromHeader(one);
    if (this.#isEntityFreshlyCleared) this.count -= this.#onEntity;
    this.count = Math.max(0, this.count);
    if (this.lastAt === 0 && this.count > 0) this.lastAt = this.#lastAged;
  }

  #wasTakenBack({ idLow, idHigh }: FraudMark, index: number): boolean {
    if (idLow === 0 && idHigh === 0) return this.#isEntityCleared;
    const found = this.#takenBack.findIndex((one) => one.idLow === idLow && one.idHigh === idHigh);
    const [takenBack] = found < 0 ? [] : this.#takenBack.splice(found, 1);
    if (takenBack?.isFresh && index < this.#agedCount) this.#takeFromHeader(takenBack);
    return takenBack !== undefined;
  }

  #takeFromHeader({ isOnPosted }: TakenBack): void {
    this.count--;
    if (isOnPosted) this.freshWithdrawals--;
  }

  /** Whether the label's posting has not aged either: then it was never counted. */
  #isFreshlyPosted({ words, at }: Place, mark: FraudMark, labelIndex: number): boolean {
    for (let index = labelIndex - 1; index >= this.#agedCount; index--) {
      const word = 2 * (at + index * ROW);
      const isPosted = ((words[word + ROW_WORD.flags] ?? 0) & ROW_FLAG.kindMask) === ROW_KIND.posted;
      if (
        isPosted &&
        words[word + ROW_WORD.idLow] === mark.idLow &&
        words[word + ROW_WORD.idHigh] === mark.idHigh
      )
        return true;
    }
    return false;
  }
}
