/** Takes rows into the histories of their entities. */
import { ROW_KIND } from './history/history-row.ts';
import type { AttemptList } from './history/attempt-list.ts';
import type { Histories } from './history/histories.ts';
import type { HistoryRow } from './history/history-row.ts';
import { HEADER, HEADER_WORD, ROW_FLAG } from './history/layout.ts';
import type { OutcomeList } from './history/outcome-list.ts';

export interface HistoryTakerParts {
  readonly histories: Histories;
  readonly attempts: AttemptList;
  readonly outcomes: OutcomeList;
}

export class HistoryTaker {
  readonly #parts: HistoryTakerParts;

  constructor(parts: HistoryTakerParts) {
    this.#parts = parts;
  }

  /** An attempt, or an outcome that is not older than the one before it; `row.flags` is changed. */
  take(history: number, row: HistoryRow): void {
    if ((row.flags & ROW_FLAG.kindMask) !== ROW_KIND.attempt) return this.#parts.outcomes.add(history, row);
    this.#count(history, row);
    this.#parts.attempts.add(history, row);
  }

  #count(history: number, { time, idLow, idHigh }: HistoryRow): void {
    const { histories } = this.#parts;
    const attempts = histories.double(history, HEADER.attemptsEver);
    histories.setDouble(history, HEADER.attemptsEver, attempts + 1);
    const firstAt = histories.double(history, HEADER.firstAttemptAt);
    if (attempts === 0 || time < firstAt) histories.setDouble(history, HEADER.firstAttemptAt, time);
    if (attempts > 0) return;
    histories.setWord(history, HEADER_WORD.firstIdLow, idLow);
    histories.setWord(history, HEADER_WORD.firstIdHigh, idHigh);
  }
}

/**
 * Whether a payment's card is seen for the first time with it. Known by the id of the card's first
 * attempt, so that telling the attempt again says the same.
 */
export function isFirstAttempt(
  histories: Histories,
  card: number,
  { idLow, idHigh }: { readonly idLow: number; readonly idHigh: number },
): boolean {
  if (histories.double(card, HEADER.attemptsEver) === 0) return true;
  return (
    histories.word(card, HEADER_WORD.firstIdLow) === idLow &&
    histories.word(card, HEADER_WORD.firstIdHigh) === idHigh
  );
}
