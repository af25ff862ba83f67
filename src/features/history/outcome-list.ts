/**
 * The outcomes of a history: rows in order of shard time, which never decreases, so they are only
 * ever added at the end.
 *
 * Postings build trust once they are a day old. `age` then takes them into the lifetime extension:
 * whenever it is called, what it holds is a function of the log and the shard time alone, because a
 * row of a day's age was there long before the batch that asks.
 */
import type { Histories } from './histories.ts';
import { emptyPlace } from './histories.ts';
import { ROW_KIND } from './history-row.ts';
import type { HistoryRow } from './history-row.ts';
import {
  FLAG,
  HEADER_WORD,
  RETENTION_MS,
  ROW,
  ROW_FLAG,
  ROW_TIME,
  ROW_WORD,
  ROW_WORDS,
  ROWS_MAX,
  TRUST_DELAY_MS,
} from './layout.ts';
import type { Lifetimes } from './lifetimes.ts';
import { addOutcomeToTiles } from './tiles.ts';

const LIST = HEADER_WORD.outcomes;
/** Outcomes that a history which is not saturated keeps: several for each attempt. */
const OUTCOMES_MAX = 4 * ROWS_MAX;

export class OutcomeList {
  readonly #histories: Histories;
  readonly #lifetimes: Lifetimes;
  readonly #place = emptyPlace();

  constructor(histories: Histories, lifetimes: Lifetimes) {
    this.#histories = histories;
    this.#lifetimes = lifetimes;
  }

  add(history: number, row: HistoryRow): void {
    const histories = this.#histories;
    this.age(history, row.time);
    if (isOnPayment(row) && this.#isOnPosted(history, row)) row.flags |= ROW_FLAG.onPosted;
    this.#makeRoom(history, row.time);
    histories.insertRow(history, LIST, { position: histories.word(history, LIST + 1), row });
    if ((histories.word(history, HEADER_WORD.flags) & FLAG.saturated) !== 0)
      addOutcomeToTiles(histories, history, row);
  }

  /** Puts back a row that came from the store. */
  restore(history: number, row: HistoryRow): void {
    const histories = this.#histories;
    histories.insertRow(history, LIST, { position: histories.word(history, LIST + 1), row });
  }

  /** Shard time of the newest outcome; 0 when there is none. */
  newestTime(history: number): number {
    const histories = this.#histories;
    const count = histories.word(history, LIST + 1);
    if (count === 0) return 0;
    const { doubles, at } = histories.locate(histories.word(history, LIST), this.#place);
    return doubles[at + (count - 1) * ROW + ROW_TIME] ?? 0;
  }

  /** The first row that counts: a history keeps more than it uses only until it next drops some. */
  firstRow(history: number): number {
    const surplus = Math.max(0, this.#histories.word(history, LIST + 1) - this.#rowsMax(history));
    return this.#expired(history, { from: surplus, newest: this.newestTime(history) });
  }

  /** Forgets rows that no window can reach any more, the last row apart, which says what the newest time is. */
  trim(history: number): void {
    const count = this.#histories.word(history, LIST + 1);
    if (count === 0) return;
    const expired = this.#expired(history, { from: 0, newest: this.newestTime(history) });
    if (expired > 0) this.#drop(history, Math.min(expired, count - 1));
  }

  /** Takes rows that are a day old at `shardTime` into the lifetime extension. */
  age(history: number, shardTime: number): void {
    const histories = this.#histories;
    const count = histories.word(history, LIST + 1);
    let aged = histories.word(history, HEADER_WORD.agedCount);
    if (aged === count) return;
    const { doubles, words, at } = histories.locate(histories.word(history, LIST), this.#place);
    for (; aged < count && (doubles[at + aged * ROW + ROW_TIME] ?? 0) <= shardTime - TRUST_DELAY_MS; aged++) {
      this.#lifetimes.takeIn(history, { doubles, words, at: at + aged * ROW });
    }
    histories.setWord(history, HEADER_WORD.agedCount, aged);
  }

  #makeRoom(history: number, shardTime: number): void {
    const histories = this.#histories;
    const count = histories.word(history, LIST + 1);
    if (count === 0 || count < histories.capacity(history, LIST)) return;
    const surplus = Math.max(0, count - this.#rowsMax(history));
    const dropped = this.#expired(history, { from: surplus, newest: shardTime });
    if (dropped > 0) this.#drop(history, dropped);
  }

  #drop(history: number, dropped: number): void {
    const histories = this.#histories;
    const aged = histories.word(history, HEADER_WORD.agedCount);
    histories.dropRows(history, LIST, dropped);
    histories.setWord(history, HEADER_WORD.agedCount, Math.max(0, aged - dropped));
  }

  /** The first row behind `from` that is not out of every window's reach; all before have aged. */
  #expired(history: number, { from, newest }: { from: number; newest: number }): number {
    const histories = this.#histories;
    const aged = histories.word(history, HEADER_WORD.agedCount);
    const { doubles, at } = histories.locate(histories.word(history, LIST), this.#place);
    let expired = from;
    while (expired < aged && (doubles[at + expired * ROW + ROW_TIME] ?? 0) <= newest - RETENTION_MS)
      expired++;
    return expired;
  }

  #rowsMax(history: number): number {
    const isSaturated = (this.#histories.word(history, HEADER_WORD.flags) & FLAG.saturated) !== 0;
    return isSaturated ? ROWS_MAX : OUTCOMES_MAX;
  }

  #isOnPosted(history: number, row: HistoryRow): boolean {
    const kind = row.flags & ROW_FLAG.kindMask;
    if (kind === ROW_KIND.fraud) return this.#wasPosted(history, row);
    return kind === ROW_KIND.cleared && this.#tookTrust(history, row);
  }

  /**
   * Whether a label's payment had been posted here. Its posting is among the rows for 30 days after
   * the payment; a label on an older payment is taken to be on a posted one.
   */
  #wasPosted(history: number, label: HistoryRow): boolean {
    return (
      label.amount < label.time - RETENTION_MS + TRUST_DELAY_MS ||
      this.#flagsOf(history, ROW_KIND.posted, label) !== undefined
    );
  }

  /** Whether the label that is taken back was on a posted payment; one that is no longer among the rows is taken to. */
  #tookTrust(history: number, cleared: HistoryRow): boolean {
    const flags = this.#flagsOf(history, ROW_KIND.fraud, cleared);
    return flags === undefined || (flags & ROW_FLAG.onPosted) !== 0;
  }

  /** The flags of the newest such outcome of the same payment within the retention before `row`. */
  #flagsOf(history: number, kind: number, row: HistoryRow): number | undefined {
    const histories = this.#histories;
    const { doubles, words, at } = histories.locate(histories.word(history, LIST), this.#place);
    const first = this.firstRow(history);
    for (let index = histories.word(history, LIST + 1) - 1; index >= first; index--) {
      if ((doubles[at + index * ROW + ROW_TIME] ?? 0) <= row.time - RETENTION_MS) return undefined;
      const word = 2 * at + index * ROW_WORDS;
      const flags = words[word + ROW_WORD.flags] ?? 0;
      const isOfPayment =
        words[word + ROW_WORD.idLow] === row.idLow && words[word + ROW_WORD.idHigh] === row.idHigh;
      if (isOfPayment && (flags & ROW_FLAG.kindMask) === kind) return flags;
    }
    return undefined;
  }
}

function isOnPayment(row: HistoryRow): boolean {
  return row.idLow !== 0 || row.idHigh !== 0;
}
