/**
 * What outlives the windows: for trusted entities when they first and last had a payment posted, how
 * many, in which weeks, and with which devices, payees, cards and networks; for all the labels of
 * fraud; for accounts the last signal of each kind.
 */
import { SIGNAL_KINDS } from '#src/features/catalogue/signal-features.ts';
import { PAIRED_ATTRIBUTES, SIGNAL_ENTITY, TRUSTED_KINDS } from './entity-kinds.ts';
import type { Histories, Place } from './histories.ts';
import { emptyPlace, EXTENSION_ORDER_SHIFT } from './histories.ts';
import { ROW_KIND } from './history-row.ts';
import {
  HEADER,
  HEADER_WORD,
  LIFETIME,
  LIFETIME_WORD,
  PAIR_DOUBLES,
  PAIR_ENTRIES,
  ROW_AMOUNT,
  ROW_FLAG,
  ROW_TIME,
  ROW_WORD,
  WEEK_SHIFT,
  weekOf,
  WEEKS,
} from './layout.ts';

/** Doubles of pairs for each attribute that has them. */
const PAIRS_DOUBLES = PAIR_ENTRIES * PAIR_DOUBLES;
const EXTENSION_ORDER = 0;
const EXTENSION_WITH_PAIRS_ORDER = 2;

export class Lifetimes {
  readonly #histories: Histories;
  readonly #place = emptyPlace();

  constructor(histories: Histories) {
    this.#histories = histories;
  }

  /** Takes in one outcome; `row` says where it stands. */
  takeIn(history: number, row: Place): void {
    const flags = row.words[2 * row.at + ROW_WORD.flags] ?? 0;
    const kind = flags & ROW_FLAG.kindMask;
    if (kind === ROW_KIND.fraud) this.#takeLabel(history, row, flags);
    else if (kind === ROW_KIND.cleared) this.#takeBack(history, row, flags);
    else if (kind === ROW_KIND.posted && this.#isTrusted(history)) this.#takePosting(history, row);
  }

  recordSignal(history: number, kind: string, featureTime: number): void {
    const signal = (SIGNAL_KINDS as readonly string[]).indexOf(kind);
    if (signal < 0 || this.#histories.word(history, HEADER_WORD.kind) !== SIGNAL_ENTITY) return;
    const { doubles, at } = this.#open(history);
    const here = at + LIFETIME.signals + signal;
    doubles[here] = Math.max(doubles[here] ?? 0, featureTime);
  }

  /** The extension's place, or undefined when the history has none. */
  locate(history: number, place: Place): Place | undefined {
    const block = this.#histories.word(history, HEADER_WORD.extension);
    return block === 0 ? undefined : this.#histories.locate(block, place);
  }

  /** Posted payments of weeks that ended at `before` or earlier. */
  postedInWeeksBefore({ words, at }: Place, before: number): number {
    const newestWeek = words[2 * at + LIFETIME_WORD.newestWeek] ?? 0;
    const lastWeek = weekOf(before) - 1;
    let posted = words[2 * at + LIFETIME_WORD.olderPosted] ?? 0;
    for (let week = Math.max(0, newestWeek - WEEKS + 1); week <= Math.min(lastWeek, newestWeek); week++) {
      posted += words[2 * at + LIFETIME_WORD.weeks + (week % WEEKS)] ?? 0;
    }
    return posted;
  }

  #isTrusted(history: number): boolean {
    return TRUSTED_KINDS.has(this.#histories.word(history, HEADER_WORD.kind));
  }

  #takePosting(history: number, row: Place): void {
    const { doubles, words, at } = this.#open(history);
    const time = row.doubles[row.at + ROW_TIME] ?? 0;
    if (words[2 * at + LIFETIME_WORD.posted] === 0) doubles[at + LIFETIME.firstPostedAt] = time;
    doubles[at + LIFETIME.lastPostedAt] = time;
    words[2 * at + LIFETIME_WORD.posted] = (words[2 * at + LIFETIME_WORD.posted] ?? 0) + 1;
    countInWeek(words, 2 * at, (row.words[2 * row.at + ROW_WORD.flags] ?? 0) >>> WEEK_SHIFT);
    this.#meetAll(history, row, time);
  }

  #takeLabel(history: number, row: Place, flags: number): void {
    const histories = this.#histories;
    const labels = histories.word(history, HEADER_WORD.fraudLabels);
    histories.setWord(history, HEADER_WORD.fraudLabels, labels + 1);
    histories.setDouble(history, HEADER.lastFraudAt, row.doubles[row.at + ROW_TIME] ?? 0);
    if (isOnEntity(row)) {
      const onEntity = histories.word(history, HEADER_WORD.labelsOnEntity);
      histories.setWord(history, HEADER_WORD.labelsOnEntity, onEntity + 1);
    }
    if ((flags & ROW_FLAG.onPosted) === 0 || !this.#isTrusted(history)) return;
    const { doubles, words, at } = this.#open(history);
    words[2 * at + LIFETIME_WORD.withdrawn] = (words[2 * at + LIFETIME_WORD.withdrawn] ?? 0) + 1;
    const paidAt = row.doubles[row.at + ROW_AMOUNT] ?? 0;
    uncountInWeek(words, 2 * at, weekOf(paidAt));
    const paired = PAIRED_ATTRIBUTES[histories.word(history, HEADER_WORD.kind)] ?? 0;
    for (let attribute = 0; attribute < paired; attribute++) {
      const token = row.words[2 * row.at + ROW_WORD.attributes + attribute] ?? 0;
      part({ doubles, words, at: at + LIFETIME.pairs + attribute * PAIRS_DOUBLES }, token);
    }
  }

  /** Labels of fraud no longer stand: what they took comes back as far as it is known. */
  #takeBack(history: number, row: Place, flags: number): void {
    const histories = this.#histories;
    const labels = histories.word(history, HEADER_WORD.fraudLabels);
    const takenBack = isOnEntity(row) ? histories.word(history, HEADER_WORD.labelsOnEntity) : 1;
    histories.setWord(history, HEADER_WORD.fraudLabels, Math.max(0, labels - takenBack));
    if (isOnEntity(row)) histories.setWord(history, HEADER_WORD.labelsOnEntity, 0);
    if ((flags & ROW_FLAG.onPosted) === 0 || !this.#isTrusted(history)) return;
    const { words, at } = this.#open(history);
    const withdrawn = words[2 * at + LIFETIME_WORD.withdrawn] ?? 0;
    if (withdrawn === 0) return;
    words[2 * at + LIFETIME_WORD.withdrawn] = withdrawn - 1;
    const paidAt = row.doubles[row.at + ROW_AMOUNT] ?? 0;
    countInWeek(words, 2 * at, weekOf(paidAt));
    this.#meetAll(history, row, paidAt);
  }

  #meetAll(history: number, row: Place, time: number): void {
    const { doubles, words, at } = this.#open(history);
    const paired = PAIRED_ATTRIBUTES[this.#histories.word(history, HEADER_WORD.kind)] ?? 0;
    for (let attribute = 0; attribute < paired; attribute++) {
      const token = row.words[2 * row.at + ROW_WORD.attributes + attribute] ?? 0;
      const pairs = at + LIFETIME.pairs + attribute * PAIRS_DOUBLES;
      if (token !== 0) meet({ doubles, words, at: pairs }, token, time);
    }
  }

  #open(history: number): Place {
    const histories = this.#histories;
    if (histories.word(history, HEADER_WORD.extension) === 0) {
      const hasPairs = (PAIRED_ATTRIBUTES[histories.word(history, HEADER_WORD.kind)] ?? 0) > 0;
      const order = hasPairs ? EXTENSION_WITH_PAIRS_ORDER : EXTENSION_ORDER;
      histories.extend(history, HEADER_WORD.extension, order);
      histories.setOrder(history, EXTENSION_ORDER_SHIFT, order);
    }
    return histories.locate(histories.word(history, HEADER_WORD.extension), this.#place);
  }
}

/** When the two were first seen together, of the last few acquaintances; 0: not known. */
export function metAt({ doubles, words, at }: Place, attribute: number, token: number): number {
  const first = at + LIFETIME.pairs + attribute * PAIRS_DOUBLES;
  for (let entry = first; entry < first + PAIRS_DOUBLES; entry += PAIR_DOUBLES) {
    if (words[2 * entry] === token) return doubles[entry + 1] ?? 0;
  }
  return 0;
}

/** A label that is on no payment. */
function isOnEntity({ words, at }: Place): boolean {
  return words[2 * at + ROW_WORD.idLow] === 0 && words[2 * at + ROW_WORD.idHigh] === 0;
}

/** Remembers an acquaintance in the place of the one that was seen longest ago, unless it is older still. */
function meet({ doubles, words, at }: Place, token: number, time: number): void {
  let oldest = at;
  for (let entry = at; entry < at + PAIRS_DOUBLES; entry += PAIR_DOUBLES) {
    if (words[2 * entry] === token) {
      doubles[entry + 1] = Math.min(doubles[entry + 1] ?? 0, time);
      doubles[entry + 2] = Math.max(doubles[entry + 2] ?? 0, time);
      return;
    }
    if ((doubles[entry + 2] ?? 0) < (doubles[oldest + 2] ?? 0)) oldest = entry;
  }
  if ((doubles[oldest + 2] ?? 0) > time) return;
  words[2 * oldest] = token;
  doubles[oldest + 1] = time;
  doubles[oldest + 2] = time;
}

function part({ doubles, words, at }: Place, token: number): void {
  for (let entry = at; entry < at + PAIRS_DOUBLES; entry += PAIR_DOUBLES) {
    if (token !== 0 && words[2 * entry] === token) doubles.fill(0, entry, entry + PAIR_DOUBLES);
  }
}

/** Weeks older than the ring join the older ones. */
function countInWeek(words: Uint32Array, at: number, week: number): void {
  const newest = words[at + LIFETIME_WORD.newestWeek] ?? 0;
  for (let next = Math.max(newest + 1, week - WEEKS + 1); next <= week; next++) {
    const left = at + LIFETIME_WORD.weeks + (next % WEEKS);
    words[at + LIFETIME_WORD.olderPosted] = (words[at + LIFETIME_WORD.olderPosted] ?? 0) + (words[left] ?? 0);
    words[left] = 0;
  }
  if (week > newest) words[at + LIFETIME_WORD.newestWeek] = week;
  const bucket = bucketOf(words, at, week);
  words[bucket] = (words[bucket] ?? 0) + 1;
}

function uncountInWeek(words: Uint32Array, at: number, week: number): void {
  const bucket = bucketOf(words, at, week);
  if ((words[bucket] ?? 0) > 0) words[bucket] = (words[bucket] ?? 0) - 1;
}

function bucketOf(words: Uint32Array, at: number, week: number): number {
  const isOlder = week <= (words[at + LIFETIME_WORD.newestWeek] ?? 0) - WEEKS;
  return at + (isOlder ? LIFETIME_WORD.olderPosted : LIFETIME_WORD.weeks + (week % WEEKS));
}
