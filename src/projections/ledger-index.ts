/**
 * Finds records of the log by term, status and time: an inverted index in segments, oldest first. The
 * newest segment is open and in memory; it is sealed into the store with a checkpoint and read again
 * from the log after a restart.
 *
 * Records are known by their input number, which counts without gaps. A look-up asks each segment
 * once: about four microseconds for 8,192 records.
 */
import type { BufferedStore } from './buffered-store.ts';
import { OpenSegment } from './open-segment.ts';
import type { RecordPlace } from './place-columns.ts';
import { HEAD_PREFIX, SealedSegment } from './sealed-segment.ts';
import type { Segment, TermHash } from './segment.ts';
import { TermHasher, type HashSeed, type TermKind } from './term-hasher.ts';

/** Sealing takes some ten milliseconds; a restart reads at most so many records again. */
export const SEGMENT_RECORDS = 8_192;

export class LedgerIndex {
  readonly #store: BufferedStore;
  readonly #hasher: TermHasher;
  readonly #sealed: SealedSegment[] = [];
  #open = new OpenSegment(1);
  #slot = 0;

  private constructor(store: BufferedStore, seed: HashSeed) {
    this.#store = store;
    this.#hasher = new TermHasher(seed);
  }

  static async load(store: BufferedStore, seed: HashSeed): Promise<LedgerIndex> {
    const index = new LedgerIndex(store, seed);
    for await (const [, head] of store.stored(HEAD_PREFIX))
      index.#sealed.push(new SealedSegment(store, head));
    index.#open = new OpenSegment(index.inputs + 1);
    return index;
  }

  /** How many records it holds, which is also the input number of the newest. */
  get inputs(): number {
    const { firstInput, count } = (this.#open.count > 0 ? this.#open : (this.#sealed.at(-1) ?? this.#open))
      .range;
    return firstInput + count - 1;
  }

  /** Rows of the sealed segments. */
  get storedRows(): number {
    return this.#sealed.reduce((rows, segment) => rows + segment.storedRows, 0);
  }

  get openRecords(): number {
    return this.#open.count;
  }

  /** Oldest first. */
  get segments(): readonly Segment[] {
    return [...this.#sealed, this.#open];
  }

  addRecord(input: number, place: RecordPlace): void {
    if (input !== this.inputs + 1) throw new Error(`input ${input} does not follow input ${this.inputs}`);
    this.#slot = this.#open.addRecord(place);
  }

  /** A term of the record that was added last. */
  addTerm(kind: TermKind, value: string): void {
    this.#hasher.hash(kind, value);
    this.#open.addTerm(this.#hasher, this.#slot);
  }

  setCode(input: number, code: number): void {
    const segment = this.#segmentOf(input);
    segment.setCode(input - segment.range.firstInput, code);
  }

  placeOf(input: number): RecordPlace {
    const segment = this.#segmentOf(input);
    return segment.placeOf(input - segment.range.firstInput);
  }

  hash(kind: TermKind, value: string): TermHash {
    this.#hasher.hash(kind, value);
    return { high: this.#hasher.high, low: this.#hasher.low };
  }

  /** The inputs with that term up to `last`, newest first. */
  *newestWith(kind: TermKind, value: string, last: number = this.inputs): Generator<number> {
    const term = this.hash(kind, value);
    for (const { range, slots } of this.#hits(term).toReversed()) {
      if (range.firstInput > last) continue;
      for (const slot of slots().toReversed()) {
        if (range.firstInput + slot <= last) yield range.firstInput + slot;
      }
    }
  }

  /** The inputs with that term from `first` on, oldest first. */
  *oldestWith(kind: TermKind, value: string, first: number = 1): Generator<number> {
    const term = this.hash(kind, value);
    for (const { range, slots } of this.#hits(term)) {
      if (range.firstInput + range.count <= first) continue;
      for (const slot of slots()) {
        if (range.firstInput + slot >= first) yield range.firstInput + slot;
      }
    }
  }

  /** How many inputs have the term, with the first and the last of them; undefined when none has. */
  extentOf(
    kind: TermKind,
    value: string,
  ): { readonly count: number; readonly first: number; readonly last: number } | undefined {
    const term = this.hash(kind, value);
    let extent: { count: number; first: number; last: number } | undefined;
    for (const { range, slots } of this.#hits(term)) {
      const found = slots();
      const last = found.at(-1);
      if (last === undefined) continue;
      extent ??= { count: 0, first: range.firstInput + (found[0] ?? 0), last: 0 };
      extent.count += found.length;
      extent.last = range.firstInput + last;
    }
    return extent;
  }

  /** The last input whose shard time is not after `at`; 0 for none. */
  lastInputAt(at: number): number {
    const segment = this.segments.findLast(({ range }) => range.count > 0 && range.firstAt <= at);
    if (!segment) return 0;
    const { firstInput, count } = segment.range;
    let from = 0;
    let to = count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (segment.placeOf(middle).at <= at) from = middle + 1;
      else to = middle;
    }
    return firstInput + from - 1;
  }

  /** The first input of a row of the log, found between its neighbours; undefined when there is none. */
  firstInputOf(position: number): number | undefined {
    let from = 1;
    let to = this.inputs + 1;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (this.placeOf(middle).position < position) from = middle + 1;
      else to = middle;
    }
    return from <= this.inputs && this.placeOf(from).position === position ? from : undefined;
  }

  erasePersonal(inputs: readonly number[]): void {
    const slots = Map.groupBy(inputs, (input) => this.#segmentOf(input));
    for (const [segment, erased] of slots) {
      segment.erasePersonal(new Set(erased.map((input) => input - segment.range.firstInput)));
    }
  }

  /** Puts the open segment into the store's next commit, and opens the next one. */
  seal(): void {
    if (this.#open.count === 0) return;
    const rows = this.#open.encode();
    for (const { key, value } of rows) this.#store.put(key, value);
    const [head] = rows;
    this.#sealed.push(new SealedSegment(this.#store, head.value));
    this.#open = new OpenSegment(this.inputs + 1);
  }

  #hits(term: TermHash) {
    return this.segments.map((segment) => ({ range: segment.range, slots: () => segment.slotsOf(term) }));
  }

  #segmentOf(input: number): Segment {
    const isIn = ({ range }: Segment) => input >= range.firstInput;
    const segment = isIn(this.#open) ? this.#open : this.#sealed.findLast(isIn);
    if (!segment || input > this.inputs) throw new RangeError(`the index has no input ${input}`);
    return segment;
  }
}
