/**
 * A segment in the store. Its term blocks and places stay as they were sealed, apart from erasure;
 * its codes change when a payment of it does. In memory are only its range and the first hash of each block.
 */
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { bytes, float64, struct, uint } from '#src/domain/encoding/codec.ts';
import type { BufferedStore } from './buffered-store.ts';
import { PLACES_IN_CHUNK, placeInChunk, type RecordPlace } from './place-columns.ts';
import { CodePresence, type Segment, type SegmentRange, type TermHash } from './segment.ts';
import { firstAtLeast, slotsInBlock, TermColumns, type TermBlock } from './term-columns.ts';
import { isPersonalHash } from './term-hasher.ts';

/** Heads are together, so that opening the index reads nothing else. */
export const HEAD_PREFIX = 'segment-head/';
const PART_PREFIX = 'segment/';

export interface StoredRow {
  readonly key: string;
  readonly value: Uint8Array;
}

export interface SegmentParts {
  readonly range: SegmentRange;
  readonly blocks: readonly TermBlock[];
  readonly places: readonly Uint8Array[];
  readonly codes: Uint8Array;
}

interface SegmentHead extends SegmentRange {
  /** The upper half of the first hash of each block, four bytes each. */
  readonly firstHighs: Uint8Array;
}

const headCodec = struct<SegmentHead>({
  firstInput: uint,
  count: uint,
  firstAt: uint,
  lastAt: uint,
  firstOccurredAt: float64,
  lastOccurredAt: float64,
  firstHighs: bytes,
});

/** Wide enough for 2^53 - 1, so that keys are in the order of inputs. */
const KEY_DIGITS = 16;

function headKey(firstInput: number): string {
  return HEAD_PREFIX + String(firstInput).padStart(KEY_DIGITS, '0');
}

function codesKey(firstInput: number): string {
  return `${PART_PREFIX}${firstInput}/codes`;
}

function partKey(firstInput: number, part: 'block' | 'places', index: number): string {
  return `${PART_PREFIX}${firstInput}/${part}/${index}`;
}

/** The head comes first. */
export function encodeSegment(parts: SegmentParts): readonly [StoredRow, ...StoredRow[]] {
  const { firstInput } = parts.range;
  return [
    { key: headKey(firstInput), value: encodeHead(parts.range, parts.blocks) },
    { key: codesKey(firstInput), value: parts.codes },
    ...blockRows(firstInput, parts.blocks),
    ...parts.places.map((value, index) => ({ key: partKey(firstInput, 'places', index), value })),
  ];
}

function encodeHead(range: SegmentRange, blocks: readonly TermBlock[]): Uint8Array {
  const highs = Uint32Array.from(blocks, ({ firstHigh }) => firstHigh);
  const writer = new ByteWriter(1_024);
  headCodec.write(writer, { ...range, firstHighs: new Uint8Array(highs.buffer) });
  return writer.toBytes();
}

function blockRows(firstInput: number, blocks: readonly TermBlock[]): StoredRow[] {
  return blocks.map((block, index) => ({ key: partKey(firstInput, 'block', index), value: block.bytes }));
}

export class SealedSegment implements Segment {
  readonly range: SegmentRange;
  readonly #store: BufferedStore;
  readonly #presence = new CodePresence();
  #firstHighs: Uint32Array;

  constructor(store: BufferedStore, head: Uint8Array) {
    const { firstHighs, ...range } = headCodec.read(new ByteReader(head));
    this.#store = store;
    this.range = range;
    this.#firstHighs = new Uint32Array(Uint8Array.from(firstHighs).buffer);
    this.#presence.addAll(this.codes());
  }

  /** Head, codes, blocks and chunks of places. */
  get storedRows(): number {
    return 2 + this.#firstHighs.length + Math.ceil(this.range.count / PLACES_IN_CHUNK);
  }

  slotsOf(term: TermHash): readonly number[] {
    const slots: number[] = [];
    const firstHighs = this.#firstHighs;
    // Entries of one hash may begin in the block before the first one that starts with it.
    const from = Math.max(0, firstAtLeast(firstHighs, term.high) - 1);
    for (let block = from; block < firstHighs.length && (firstHighs[block] ?? 0) <= term.high; block++) {
      slotsInBlock(this.#part('block', block), term, slots);
    }
    return slots;
  }

  placeOf(slot: number): RecordPlace {
    const chunk = this.#part('places', Math.floor(slot / PLACES_IN_CHUNK));
    return placeInChunk(chunk, slot % PLACES_IN_CHUNK);
  }

  codes(): Uint8Array {
    return this.#row(codesKey(this.range.firstInput));
  }

  setCode(slot: number, code: number): void {
    const before = this.codes();
    if (before[slot] === code) return;
    const codes = Uint8Array.from(before);
    codes[slot] = code;
    this.#presence.add(code);
    this.#store.put(codesKey(this.range.firstInput), codes);
  }

  mayHaveCode(matching: Uint8Array): boolean {
    return this.#presence.meets(matching);
  }

  erasePersonal(slots: ReadonlySet<number>): void {
    const { firstInput } = this.range;
    const terms = new TermColumns();
    for (let block = 0; block < this.#firstHighs.length; block++) terms.addBlock(this.#part('block', block));
    terms.filter((low, slot) => !isPersonalHash(low) || !slots.has(slot));
    const blocks = terms.toBlocks();
    for (const { key, value } of blockRows(firstInput, blocks)) this.#store.put(key, value);
    for (let block = blocks.length; block < this.#firstHighs.length; block++) {
      this.#store.delete(partKey(firstInput, 'block', block));
    }
    this.#store.put(headKey(firstInput), encodeHead(this.range, blocks));
    this.#firstHighs = Uint32Array.from(blocks, ({ firstHigh }) => firstHigh);
  }

  #part(part: 'block' | 'places', index: number): Uint8Array {
    return this.#row(partKey(this.range.firstInput, part, index));
  }

  #row(key: string): Uint8Array {
    const bytes = this.#store.get(key);
    if (!bytes) throw new Error(`the index has no ${key}`);
    return bytes;
  }
}
