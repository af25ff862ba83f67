/** The newest segment, all in memory. Small enough that a look-up reads through it. */
import { encodeSegment, type StoredRow } from './sealed-segment.ts';
import { NO_PAYMENT } from './payment-code.ts';
import { PlaceColumns, type RecordPlace } from './place-columns.ts';
import { CodePresence, type Segment, type SegmentRange, type TermHash } from './segment.ts';
import { TermColumns } from './term-columns.ts';
import { isPersonalHash } from './term-hasher.ts';

/** Slots are 16-bit numbers. */
export const SLOTS_MAX = 65_536;
const INITIAL_CODES = 8_192;

export class OpenSegment implements Segment {
  readonly #firstInput: number;
  readonly #terms = new TermColumns();
  readonly #places = new PlaceColumns();
  readonly #presence = new CodePresence();
  #codes = new Uint8Array(INITIAL_CODES);
  #firstAt = 0;
  #lastAt = 0;
  #firstOccurredAt = Infinity;
  #lastOccurredAt = -Infinity;

  constructor(firstInput: number) {
    this.#firstInput = firstInput;
  }

  get count(): number {
    return this.#places.count;
  }

  get range(): SegmentRange {
    return {
      firstInput: this.#firstInput,
      count: this.count,
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      firstOccurredAt: this.#firstOccurredAt,
      lastOccurredAt: this.#lastOccurredAt,
    };
  }

  /** Gives the next slot to a record. */
  addRecord(place: RecordPlace): number {
    const slot = this.count;
    if (slot >= SLOTS_MAX) throw new RangeError(`a segment holds ${SLOTS_MAX} records`);
    this.#places.add(place);
    if (slot === 0) this.#firstAt = place.at;
    this.#lastAt = place.at;
    if (place.occurredAt > 0) {
      this.#firstOccurredAt = Math.min(this.#firstOccurredAt, place.occurredAt);
      this.#lastOccurredAt = Math.max(this.#lastOccurredAt, place.occurredAt);
    }
    if (slot === this.#codes.length) this.#growCodes();
    this.#codes[slot] = NO_PAYMENT;
    return slot;
  }

  addTerm({ high, low }: TermHash, slot: number): void {
    this.#terms.add(high, low, slot);
  }

  slotsOf({ high, low }: TermHash): readonly number[] {
    const slots: number[] = [];
    this.#terms.slotsOf(high, low, slots);
    return slots;
  }

  placeOf(slot: number): RecordPlace {
    return this.#places.get(slot);
  }

  codes(): Uint8Array {
    return this.#codes.subarray(0, this.count);
  }

  setCode(slot: number, code: number): void {
    this.#codes[slot] = code;
    this.#presence.add(code);
  }

  mayHaveCode(matching: Uint8Array): boolean {
    return this.#presence.meets(matching);
  }

  erasePersonal(slots: ReadonlySet<number>): void {
    this.#terms.filter((low, slot) => !isPersonalHash(low) || !slots.has(slot));
  }

  /** The rows in which the segment stays, its head first. */
  encode(): readonly [StoredRow, ...StoredRow[]] {
    return encodeSegment({
      range: this.range,
      blocks: this.#terms.toBlocks(),
      places: this.#places.chunks(),
      codes: Uint8Array.from(this.codes()),
    });
  }

  #growCodes(): void {
    const grown = new Uint8Array(this.#codes.length * 2);
    grown.set(this.#codes);
    this.#codes = grown;
  }
}
