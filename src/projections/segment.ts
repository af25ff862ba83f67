/**
 * A run of records in the index: by which terms they are found, where they stand in the log, and what
 * status their payments have. A slot is a record's place in its segment, from 0.
 */
import { CODES } from './payment-code.ts';
import type { RecordPlace } from './place-columns.ts';

export interface SegmentRange {
  /** Input of the record in slot 0. */
  readonly firstInput: number;
  readonly count: number;
  /** Shard time of the first and the last record. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Of the payments in it; from above to below when it has none. */
  readonly firstOccurredAt: number;
  readonly lastOccurredAt: number;
}

export interface Segment {
  readonly range: SegmentRange;
  /** Slots of the records with that term, ascending. */
  slotsOf(term: TermHash): readonly number[];
  placeOf(slot: number): RecordPlace;
  /** One byte for each slot (`payment-code.ts`). */
  codes(): Uint8Array;
  setCode(slot: number, code: number): void;
  /** Whether a payment may have one of the codes that are marked. */
  mayHaveCode(matching: Uint8Array): boolean;
  /** Forgets the personal terms of these slots. */
  erasePersonal(slots: ReadonlySet<number>): void;
}

export interface TermHash {
  readonly high: number;
  readonly low: number;
}

/** Which codes stand in a segment. A code that was there once may be gone: it says maybe. */
export class CodePresence {
  readonly #present = new Uint8Array(CODES);

  addAll(codes: Uint8Array): void {
    for (const code of codes) this.#present[code] = 1;
  }

  add(code: number): void {
    this.#present[code] = 1;
  }

  meets(matching: Uint8Array): boolean {
    return matching.some((wanted, code) => wanted === 1 && this.#present[code] === 1);
  }
}
