/**
 * Keeps histories: finds them in memory, takes them from the store, remembers which have changed.
 *
 * Rows of the log are told by their position. A history that came from the store with a later
 * position already holds what such a row would add, and refuses it: so the tail of the log can be
 * replayed over a store that was written while the shard went on.
 */
import type { Histories } from './histories.ts';
import { HEADER, HEADER_WORD } from './layout.ts';

export class HistoryKeeper {
  readonly histories: Histories;
  /** The row of the log that is being made or replayed. */
  #position = 0;
  /** Changed histories, the longest unwritten first. */
  readonly #changed: number[] = [];

  constructor(histories: Histories) {
    this.histories = histories;
  }

  get position(): number {
    return this.#position;
  }

  begin(position: number): void {
    this.#position = position;
  }

  /** The history of a key; an empty one where there is none yet. `kind` is the slot that it belongs to. */
  of(keyLow: number, keyHigh: number, kind: number): number {
    const known = this.histories.find(keyLow, keyHigh);
    if (known !== 0) return known;
    const history = this.histories.create(keyLow, keyHigh);
    this.histories.setWord(history, HEADER_WORD.kind, kind);
    return history;
  }

  /** Says that the current row of the log changes the history; false when it already holds that row. */
  change(history: number): boolean {
    const { histories } = this;
    if (this.#position <= histories.double(history, HEADER.storedPosition)) return false;
    if (histories.double(history, HEADER.changedSince) === 0) {
      histories.setDouble(history, HEADER.changedSince, this.#position);
      this.#changed.push(history);
    }
    return true;
  }

  discard(): void {
    this.histories.clear();
    this.#changed.length = 0;
  }
}
