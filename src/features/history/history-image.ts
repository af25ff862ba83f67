/**
 * How a history stands in the store: a *head* with everything but settled rows, and *pieces* of rows,
 * written once. So a change costs the head and what is new, not the whole history.
 *
 * Head: version and number of rows (8 bytes), header, extension, tiles, rows. Piece: rows. Numbers are
 * little endian, as in memory. Rows stand in order of arrival; which of them hide others is found again
 * when they are read.
 */
import type { AttemptList } from './attempt-list.ts';
import { EXTENSION_ORDER_SHIFT, LIST_STEP_SHIFT, emptyPlace } from './histories.ts';
import type { Histories, RowList } from './histories.ts';
import { emptyRow, ROW_KIND } from './history-row.ts';
import {
  ATTRIBUTES,
  FLAG,
  HEADER,
  HEADER_WORD,
  RETENTION_MS,
  ROW,
  ROW_AMOUNT,
  ROW_BYTES,
  ROW_FLAG,
  ROW_TIME,
  ROW_WORD,
  ROW_WORDS,
} from './layout.ts';
import type { OutcomeList } from './outcome-list.ts';
import { BLOCK_WORDS } from './slab.ts';
import { TILES_DOUBLES, TILES_ORDER } from './tiles.ts';

export const IMAGE_VERSION = 1;
/** Rows that make a piece: 768 bytes. Fewer are written again with the head. */
export const PIECE_ROWS = 16;
const PREFIX_BYTES = 8;
const HEADER_BYTES = BLOCK_WORDS * 8;
const NO_ROWS = new Uint8Array();
const HIDDEN = 0x7 * ROW_FLAG.hidden;
const LISTS: readonly RowList[] = [HEADER_WORD.attempts, HEADER_WORD.outcomes];

export interface HistoryImage {
  readonly head: Uint8Array;
  /** A piece to be added with the head's number `nextPiece - 1`. */
  readonly piece: Uint8Array | undefined;
}

export class HistoryImages {
  readonly #histories: Histories;
  readonly #attempts: AttemptList;
  readonly #outcomes: OutcomeList;
  readonly #place = emptyPlace();
  readonly #row = emptyRow();

  constructor({
    histories,
    attempts,
    outcomes,
  }: {
    histories: Histories;
    attempts: AttemptList;
    outcomes: OutcomeList;
  }) {
    this.#histories = histories;
    this.#attempts = attempts;
    this.#outcomes = outcomes;
  }

  /** Takes the image of a history; its rows then count as saved. */
  take(history: number): HistoryImage {
    const isSaturated = (this.#histories.word(history, HEADER_WORD.flags) & FLAG.saturated) !== 0;
    const mask = ROW_FLAG.unsaved | ROW_FLAG.inHead;
    const rows = isSaturated ? this.#countRows(history, 0) : this.#countRows(history, mask);
    if (isSaturated || rows < PIECE_ROWS) {
      return { head: this.#takeHead(history, { rows, mask: isSaturated ? 0 : mask }), piece: undefined };
    }
    const piece = new Uint8Array(rows * ROW_BYTES);
    this.#copyRows(history, { mask, target: piece, setFlags: 0 });
    this.#histories.setWord(
      history,
      HEADER_WORD.nextPiece,
      this.#histories.word(history, HEADER_WORD.nextPiece) + 1,
    );
    return { head: this.#takeHead(history, { rows: 0, mask }), piece };
  }

  /** Fills an empty history from its image; `pieceOf` reads one of its pieces. */
  restore(history: number, head: Uint8Array, pieceOf: (number: number) => Uint8Array): void {
    const bytes = head.byteOffset % 8 === 0 ? head : head.slice();
    const doubles = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 3);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
    const version = words[0] ?? 0;
    if (version !== IMAGE_VERSION)
      throw new Error(`a history has version ${version}, this program reads ${IMAGE_VERSION}`);
    const rows = words[1] ?? 0;
    const unaged = words[2 + HEADER_WORD.agedCount] ?? 0;
    let at = this.#restoreHeader(history, doubles);
    at = this.#restoreBlocks(history, doubles, at);
    this.#restorePieces(history, pieceOf);
    this.#restoreRows(history, { doubles, words, at, rows, savedFlag: ROW_FLAG.inHead });
    this.#attempts.restored(history);
    const aged = this.#histories.word(history, HEADER_WORD.outcomeCount) - unaged;
    this.#histories.setWord(history, HEADER_WORD.agedCount, Math.max(0, aged));
  }

  /** A head with all rows of the history that count; the others are forgotten. */
  takeWhole(history: number): Uint8Array {
    if ((this.#histories.word(history, HEADER_WORD.flags) & FLAG.saturated) === 0) {
      this.#attempts.trim(history, this.#histories.double(history, HEADER.newestFeatureTime));
      this.#outcomes.trim(history);
    }
    return this.#takeHead(history, { rows: this.#countRows(history, 0), mask: 0 });
  }

  /**
   * Fills an empty history from such a head, so that it goes on exactly as the one that the head was taken
   * of: its lists have the same room, which says when rows are dropped.
   */
  restoreWhole(history: number, head: Uint8Array): void {
    this.restore(history, head, () => NO_ROWS);
    const words = new Uint32Array(head.buffer, head.byteOffset, (PREFIX_BYTES + HEADER_BYTES) >> 2);
    const orders = words[2 + HEADER_WORD.orders] ?? 0;
    for (const list of LISTS) {
      if (words[2 + list] === 0) continue;
      this.#histories.reserve(history, list, (orders >>> LIST_STEP_SHIFT[list]) & 0xff);
    }
  }

  /** The first piece that a head in the store names. */
  firstPieceOf(head: Uint8Array): number {
    const at = PREFIX_BYTES + 4 * HEADER_WORD.firstPiece;
    return new DataView(head.buffer, head.byteOffset).getUint32(at, true);
  }

  #takeHead(history: number, { rows, mask }: { rows: number; mask: number }): Uint8Array {
    const histories = this.#histories;
    const extensionBytes = this.#extensionBytes(history);
    const tilesBytes = histories.word(history, HEADER_WORD.tiles) === 0 ? 0 : TILES_DOUBLES * 8;
    const head = new Uint8Array(PREFIX_BYTES + HEADER_BYTES + extensionBytes + tilesBytes + rows * ROW_BYTES);
    let at = this.#copyBlock(head, { block: history, bytes: HEADER_BYTES, at: PREFIX_BYTES });
    at = this.#copyBlock(head, {
      block: histories.word(history, HEADER_WORD.extension),
      bytes: extensionBytes,
      at,
    });
    at = this.#copyBlock(head, { block: histories.word(history, HEADER_WORD.tiles), bytes: tilesBytes, at });
    if (rows > 0) this.#copyRows(history, { mask, target: head.subarray(at), setFlags: ROW_FLAG.inHead });
    const words = new Uint32Array(head.buffer, 0, (PREFIX_BYTES + HEADER_BYTES) >> 2);
    words[0] = IMAGE_VERSION;
    words[1] = rows;
    // Rows are dropped from the front, so what has not aged is counted from the end.
    const aged = histories.word(history, HEADER_WORD.agedCount);
    words[2 + HEADER_WORD.agedCount] = histories.word(history, HEADER_WORD.outcomeCount) - aged;
    return head;
  }

  #extensionBytes(history: number): number {
    if (this.#histories.word(history, HEADER_WORD.extension) === 0) return 0;
    return (BLOCK_WORDS * 8) << this.#histories.order(history, EXTENSION_ORDER_SHIFT);
  }

  #copyBlock(target: Uint8Array, { block, bytes, at }: { block: number; bytes: number; at: number }): number {
    if (bytes === 0) return at;
    const { doubles, at: from } = this.#histories.locate(block, this.#place);
    target.set(new Uint8Array(doubles.buffer, from * 8, bytes), at);
    return at + bytes;
  }

  /** Rows with any flag of the mask; mask 0: all. */
  #countRows(history: number, mask: number): number {
    let rows = 0;
    for (const list of LISTS) {
      const count = this.#histories.word(history, list + 1);
      const { words, at } = this.#histories.locate(this.#histories.word(history, list), this.#place);
      for (let index = 0; index < count; index++) {
        const flags = words[2 * at + index * ROW_WORDS + ROW_WORD.flags] ?? 0;
        if (mask === 0 || (flags & mask) !== 0) rows++;
      }
    }
    return rows;
  }

  #copyRows(
    history: number,
    { mask, target, setFlags }: { mask: number; target: Uint8Array; setFlags: number },
  ): void {
    let to = 0;
    for (const list of LISTS) {
      const count = this.#histories.word(history, list + 1);
      const { doubles, words, at } = this.#histories.locate(this.#histories.word(history, list), this.#place);
      for (let index = 0; index < count; index++) {
        const flagsAt = 2 * at + index * ROW_WORDS + ROW_WORD.flags;
        const flags = words[flagsAt] ?? 0;
        if (mask !== 0 && (flags & mask) === 0) continue;
        words[flagsAt] = (flags & ~(ROW_FLAG.unsaved | ROW_FLAG.inHead)) | setFlags;
        target.set(new Uint8Array(doubles.buffer, (at + index * ROW) * 8, ROW_BYTES), to);
        to += ROW_BYTES;
      }
    }
  }

  #restoreHeader(history: number, image: Float64Array): number {
    const histories = this.#histories;
    const { doubles, words, at } = histories.locate(history, this.#place);
    doubles.set(image.subarray(1, 1 + BLOCK_WORDS), at);
    const first = 2 * at;
    for (const list of LISTS) {
      words[first + list] = 0;
      words[first + list + 1] = 0;
      histories.setOrder(history, LIST_STEP_SHIFT[list], 0);
    }
    words[first + HEADER_WORD.agedCount] = 0;
    words[first + HEADER_WORD.flags] = (words[first + HEADER_WORD.flags] ?? 0) & FLAG.saturated;
    doubles[at + HEADER.changedSince] = 0;
    return 1 + BLOCK_WORDS;
  }

  #restoreBlocks(history: number, image: Float64Array, from: number): number {
    const histories = this.#histories;
    let at = from;
    const blocks = [
      { word: HEADER_WORD.extension, order: histories.order(history, EXTENSION_ORDER_SHIFT), used: 0 },
      { word: HEADER_WORD.tiles, order: TILES_ORDER, used: TILES_DOUBLES },
    ];
    for (const { word, order, used } of blocks) {
      if (histories.word(history, word) === 0) continue;
      const length = used === 0 ? BLOCK_WORDS << order : used;
      const { doubles, at: to } = histories.locate(histories.extend(history, word, order), this.#place);
      doubles.set(image.subarray(at, at + length), to);
      at += length;
    }
    return at;
  }

  /** Pieces of which no window reaches a row are left out from then on. */
  #restorePieces(history: number, pieceOf: (number: number) => Uint8Array): void {
    const histories = this.#histories;
    const next = histories.word(history, HEADER_WORD.nextPiece);
    const oldest = histories.double(history, HEADER.newestFeatureTime) - RETENTION_MS;
    for (let number = histories.word(history, HEADER_WORD.firstPiece); number < next; number++) {
      const bytes = pieceOf(number).slice();
      const doubles = new Float64Array(bytes.buffer);
      const words = new Uint32Array(bytes.buffer);
      const rows = doubles.length / ROW;
      const isFirst = number === histories.word(history, HEADER_WORD.firstPiece);
      if (isFirst && newestTime(doubles) <= oldest)
        histories.setWord(history, HEADER_WORD.firstPiece, number + 1);
      else this.#restoreRows(history, { doubles, words, at: 0, rows, savedFlag: 0 });
    }
  }

  #restoreRows(
    history: number,
    image: { doubles: Float64Array; words: Uint32Array; at: number; rows: number; savedFlag: number },
  ): void {
    const { doubles, words, savedFlag } = image;
    const row = this.#row;
    for (let index = 0; index < image.rows; index++) {
      const at = image.at + index * ROW;
      const flags = words[2 * at + ROW_WORD.flags] ?? 0;
      row.time = doubles[at + ROW_TIME] ?? 0;
      row.amount = doubles[at + ROW_AMOUNT] ?? 0;
      for (let attribute = 0; attribute < ATTRIBUTES; attribute++) {
        row.attributes[attribute] = words[2 * at + ROW_WORD.attributes + attribute] ?? 0;
      }
      row.flags = (flags & ~(HIDDEN | ROW_FLAG.unsaved | ROW_FLAG.inHead)) | savedFlag;
      row.traits = words[2 * at + ROW_WORD.traits] ?? 0;
      row.idLow = words[2 * at + ROW_WORD.idLow] ?? 0;
      row.idHigh = words[2 * at + ROW_WORD.idHigh] ?? 0;
      if ((flags & ROW_FLAG.kindMask) === ROW_KIND.attempt) this.#attempts.restore(history, row);
      else this.#outcomes.restore(history, row);
    }
  }
}

/** The id of the first attempt that the history of a head has ever had; undefined: none. */
export function firstAttemptIn(
  head: Uint8Array,
): { readonly idLow: number; readonly idHigh: number } | undefined {
  const view = new DataView(head.buffer, head.byteOffset);
  if (view.getFloat64(PREFIX_BYTES + 8 * HEADER.attemptsEver, true) === 0) return undefined;
  const idAt = PREFIX_BYTES + 4 * HEADER_WORD.firstIdLow;
  return { idLow: view.getUint32(idAt, true), idHigh: view.getUint32(idAt + 4, true) };
}

function newestTime(rows: Float64Array): number {
  let newest = 0;
  for (let at = ROW_TIME; at < rows.length; at += ROW) newest = Math.max(newest, rows[at] ?? 0);
  return newest;
}
