/**
 * Keeps histories: in memory while they are used, in the store otherwise, within a bound of bytes.
 *
 * The store is written behind the log, a little at a time, the longest unwritten first. Each image
 * names the row of the log that it includes, and a history refuses what such a row would add: so the
 * store need not be of one moment, and the tail of the log is replayed over it (L8).
 *
 * Only what is in the store as it stands is ever forgotten. Where memory is short, what was not used for
 * longest is written out of turn, so that it can be: to write all that has changed would write the
 * busiest histories again with every batch.
 */
import { readStored } from '#src/ports/state-store-error.ts';
import type { StateStore, StateWrite } from '#src/ports/state-store.ts';
import type { Histories } from './histories.ts';
import type { HistoryImages } from './history-image.ts';
import { FLAG, HEADER, HEADER_WORD } from './layout.ts';
import { TILES_ORDER } from './tiles.ts';

export interface HistoryKeeperSettings {
  readonly histories: Histories;
  readonly images: HistoryImages;
  /** Undefined: nothing is written and nothing is forgotten. */
  readonly store: StateStore | undefined;
  /** Bytes of rows and headers that stay in memory. */
  readonly cacheBytes: number;
}

interface PendingWrite {
  /** Durable in the log. */
  readonly position: number;
  readonly puts: StateWrite['puts'][number][];
  readonly deletes: string[];
}

const KEY_PREFIX = 'history/';
const META_KEY = 'history-meta';
/** Share of the bound that is freed, so that forgetting is not begun for each batch. */
const FREED_SHARE = 1 / 16;
/** Histories in one write: a few megabytes. */
const WRITTEN_AT_ONCE_MAX = 4096;
/** Histories written out of turn at once, so that no batch waits long for their images. */
const COLD_AT_ONCE_MAX = 2048;

export class HistoryKeeper {
  readonly histories: Histories;
  readonly #images: HistoryImages;
  readonly #store: StateStore | undefined;
  readonly #cacheBytes: number;
  /** The row of the log that is being made or replayed; the first one until it is said. */
  #position = 1;
  #writtenPosition: number;
  /**
   * Changed histories, the longest unwritten first, each with the row that changed it; those before
   * `#nextChanged` are written, and so is one whose header says another row.
   */
  #changed: number[] = [];
  #changedAt: number[] = [];
  #nextChanged = 0;
  /** Changed and not used: to be written out of turn. */
  #cold: number[] = [];
  /** Were cold, and are written: forgotten next, unless they were used since. */
  #settled: number[] = [];
  /** The first piece that the store still has of a history whose older ones are not needed. */
  readonly #staleFrom = new Map<number, number>();
  #hand = 0;

  constructor({ histories, images, store, cacheBytes }: HistoryKeeperSettings) {
    this.histories = histories;
    this.#images = images;
    this.#store = store;
    this.#cacheBytes = cacheBytes;
    this.#writtenPosition = readPosition(store?.get(META_KEY));
  }

  /** Everything of the rows of the log up to here is in the store. */
  get writtenPosition(): number {
    return this.#writtenPosition;
  }

  get position(): number {
    return this.#position;
  }

  get changedCount(): number {
    return this.#changed.length - this.#nextChanged;
  }

  get isFull(): boolean {
    return this.histories.slab.bytesUsed > this.#cacheBytes;
  }

  /** Time to make room, before it is needed. */
  get isShort(): boolean {
    return this.histories.slab.bytesUsed > this.#cacheBytes * (1 - FREED_SHARE);
  }

  /** How many histories are to be written so that they can be forgotten. */
  get coldCount(): number {
    return this.#cold.length;
  }

  begin(position: number): void {
    this.#position = position;
  }

  /** The history of a key; an empty one where there is none yet. `kind` is the slot that it belongs to. */
  of(keyLow: number, keyHigh: number, kind: number): number {
    const { histories } = this;
    const known = histories.find(keyLow, keyHigh);
    const history = known === 0 ? this.#bring(keyLow, keyHigh, kind) : known;
    histories.setWord(history, HEADER_WORD.flags, histories.word(history, HEADER_WORD.flags) | FLAG.used);
    return history;
  }

  /** Says that the current row of the log changes the history; false when it already holds that row. */
  change(history: number): boolean {
    const { histories } = this;
    if (this.#position <= histories.double(history, HEADER.storedPosition)) return false;
    if (this.#store && histories.double(history, HEADER.changedSince) === 0) {
      histories.setDouble(history, HEADER.changedSince, this.#position);
      this.#changed.push(history);
      this.#changedAt.push(this.#position);
    }
    return true;
  }

  /**
   * Forgets histories that were not used since the hand last came by, looking at no more than `looks`,
   * so that no batch waits long. What has changed stays until it is written.
   */
  forget(looks: number): void {
    for (const history of this.#settled) this.#forgetUnused(history);
    this.#settled = [];
    const { index } = this.histories;
    for (let looked = 0; looked < looks && this.isShort; looked++) {
      const history = index.blockAt(this.#hand);
      // A removal moves another history into the slot, which is looked at next.
      if (history === 0 || !this.#forgetUnused(history)) this.#hand = (this.#hand + 1) % index.slots;
    }
  }

  /**
   * Writes up to `count` changed histories, and those that are cold; `position` and all before it is
   * durable in the log.
   */
  async write(count: number, position: number): Promise<void> {
    const write = { position, puts: [], deletes: [] };
    const cold = this.#takeCold(write);
    const written = this.#takeOldest(Math.min(count, WRITTEN_AT_ONCE_MAX), write);
    const writtenPosition = this.#oldestChange(position);
    this.#compactChanged();
    if (cold.length + written.length === 0 && writtenPosition === this.#writtenPosition) return;
    const meta = { key: META_KEY, value: positionBytes(writtenPosition) };
    await this.#store?.write({ puts: [...write.puts, meta], deletes: write.deletes });
    this.#writtenPosition = writtenPosition;
    for (const history of cold) this.#setFlag(history, FLAG.writing, false);
    for (const history of written) this.#setFlag(history, FLAG.writing, false);
    this.#settled = cold;
  }

  #takeCold(write: PendingWrite): number[] {
    const cold = this.#cold.filter((history) => {
      if (this.histories.double(history, HEADER.changedSince) === 0) return false;
      this.#takeImage(history, write);
      return true;
    });
    this.#cold = [];
    return cold;
  }

  #takeOldest(count: number, write: PendingWrite): number[] {
    const written: number[] = [];
    for (; this.#nextChanged < this.#changed.length && written.length < count; this.#nextChanged++) {
      const history = this.#changed[this.#nextChanged] ?? 0;
      if (!this.#isUnwritten(this.#nextChanged)) continue;
      written.push(history);
      this.#takeImage(history, write);
    }
    return written;
  }

  /** Whether what stands at that place of the changed ones was not written out of turn. */
  #isUnwritten(place: number): boolean {
    const history = this.#changed[place] ?? 0;
    return this.histories.double(history, HEADER.changedSince) === this.#changedAt[place];
  }

  async clear(): Promise<void> {
    this.histories.clear();
    this.#changed = [];
    this.#changedAt = [];
    this.#nextChanged = 0;
    this.#cold = [];
    this.#settled = [];
    this.#staleFrom.clear();
    this.#writtenPosition = 0;
    await this.#store?.clear();
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }

  #bring(keyLow: number, keyHigh: number, kind: number): number {
    const { histories } = this;
    const history = histories.create(keyLow, keyHigh);
    const key = keyOf(keyLow, keyHigh);
    const head = this.#store?.get(key);
    if (head) {
      readStored(key, () => this.#images.restore(history, head, (number) => this.#piece(key, number)));
      this.#noteStale(history, head);
    } else {
      histories.setWord(history, HEADER_WORD.kind, kind);
    }
    return history;
  }

  #piece(key: string, number: number): Uint8Array {
    const piece = this.#store?.get(pieceKey(key, number));
    if (!piece) throw new Error(`piece ${number} of history ${key} is not in the store`);
    return piece;
  }

  #noteStale(history: number, head: Uint8Array): void {
    const stored = this.#images.firstPieceOf(head);
    if (stored < this.histories.word(history, HEADER_WORD.firstPiece)) this.#staleFrom.set(history, stored);
  }

  #takeImage(history: number, write: PendingWrite): void {
    const { histories } = this;
    histories.setDouble(history, HEADER.changedSince, 0);
    histories.setDouble(history, HEADER.storedPosition, write.position);
    const key = keyOf(
      histories.word(history, HEADER_WORD.keyLow),
      histories.word(history, HEADER_WORD.keyHigh),
    );
    const isSaturated = (histories.word(history, HEADER_WORD.flags) & FLAG.saturated) !== 0;
    const first = histories.word(history, HEADER_WORD.firstPiece);
    const staleFrom = this.#staleFrom.get(history) ?? first;
    // A saturated history is one image.
    if (isSaturated)
      histories.setWord(history, HEADER_WORD.firstPiece, histories.word(history, HEADER_WORD.nextPiece));
    for (let number = staleFrom; number < histories.word(history, HEADER_WORD.firstPiece); number++) {
      write.deletes.push(pieceKey(key, number));
    }
    this.#staleFrom.delete(history);
    const { head, piece } = this.#images.take(history);
    write.puts.push({ key, value: head });
    if (piece)
      write.puts.push({
        key: pieceKey(key, histories.word(history, HEADER_WORD.nextPiece) - 1),
        value: piece,
      });
    this.#setFlag(history, FLAG.writing, true);
  }

  #oldestChange(position: number): number {
    while (this.#nextChanged < this.#changed.length && !this.#isUnwritten(this.#nextChanged))
      this.#nextChanged++;
    const oldest = this.#changedAt[this.#nextChanged];
    return oldest === undefined ? position : oldest - 1;
  }

  #compactChanged(): void {
    if (this.#nextChanged < this.#changed.length / 2) return;
    this.#changed = this.#changed.slice(this.#nextChanged);
    this.#changedAt = this.#changedAt.slice(this.#nextChanged);
    this.#nextChanged = 0;
  }

  #forgetUnused(history: number): boolean {
    const { histories } = this;
    const flags = histories.word(history, HEADER_WORD.flags);
    if ((flags & FLAG.used) !== 0) {
      this.#setFlag(history, FLAG.used, false);
      return false;
    }
    if ((flags & FLAG.writing) !== 0) return false;
    if (histories.double(history, HEADER.changedSince) !== 0) {
      if (this.#cold.length < COLD_AT_ONCE_MAX) this.#cold.push(history);
      return false;
    }
    this.#staleFrom.delete(history);
    histories.remove(history, TILES_ORDER);
    return true;
  }

  #setFlag(history: number, flag: number, isSet: boolean): void {
    const flags = this.histories.word(history, HEADER_WORD.flags);
    this.histories.setWord(history, HEADER_WORD.flags, isSet ? flags | flag : flags & ~flag);
  }
}

function keyOf(low: number, high: number): string {
  return KEY_PREFIX + high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

function pieceKey(key: string, number: number): string {
  return `${key}/${number}`;
}

function readPosition(bytes: Uint8Array | undefined): number {
  return bytes ? new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true) : 0;
}

function positionBytes(position: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, position, true);
  return bytes;
}
