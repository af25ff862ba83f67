/** Keeps the id filter across restarts: full layers as they are, the newest one as the list of what was added to it. */
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { readStored } from '#src/ports/state-store-error.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { IdFilter, type FilterLayer } from './id-filter.ts';
import type { StoredObject } from './write-behind-table.ts';

const LAYER_PREFIX = 'ids/layer/';
const ADDED_PREFIX = 'ids/added/';
const NUMBER_DIGITS = 10;

/** A stored list of hashes, needed until every layer that took one of them is stored. */
interface StoredList {
  readonly key: string;
  /** Index of the layer that took the last of them. */
  readonly lastLayer: number;
}

export class IdFilterStore {
  readonly #filter: IdFilter;
  #writtenLayers = 0;
  #lists: StoredList[] = [];
  #nextList = 0;
  #added = new ByteWriter();

  private constructor(filter: IdFilter) {
    this.#filter = filter;
  }

  /** `filter` is an empty one. */
  static async open(store: StateStore, filter: IdFilter = new IdFilter()): Promise<IdFilterStore> {
    const opened = new IdFilterStore(filter);
    const layers: FilterLayer[] = [];
    for await (const [key, value] of store.entries(LAYER_PREFIX))
      layers.push(readStored(key, () => decodeLayer(value)));
    opened.#filter.restore(layers);
    opened.#writtenLayers = layers.length;
    for await (const [key, value] of store.entries(ADDED_PREFIX))
      readStored(key, () => opened.#restoreList(key, value));
    return opened;
  }

  mayContain(id: string): boolean {
    return this.#filter.mayContain(id);
  }

  add(id: string): void {
    const [low, high] = this.#filter.add(id);
    this.#added.uint(low);
    this.#added.uint(high);
  }

  /** What a checkpoint has to write, so that the filter is the same after a restart. */
  takeWrites(): { readonly puts: readonly StoredObject[]; readonly deletes: readonly string[] } {
    const full = this.#filter.fullLayers.slice(this.#writtenLayers);
    const puts = full.map((layer, index) => ({
      key: LAYER_PREFIX + numbered(this.#writtenLayers + index),
      value: encodeLayer(layer),
    }));
    this.#writtenLayers += full.length;
    const list = this.#takeList();
    return { puts: list ? [...puts, list] : puts, deletes: this.#dropLists() };
  }

  /** A list may overlap the layer that it filled: setting bits again changes nothing. */
  #takeList(): StoredObject | undefined {
    if (this.#added.length === 0) return undefined;
    const key = ADDED_PREFIX + numbered(this.#nextList++);
    this.#keepList(key);
    const value = this.#added.toBytes();
    this.#added.reset();
    return { key, value };
  }

  #restoreList(key: string, value: Uint8Array): void {
    this.#nextList = Number(key.slice(ADDED_PREFIX.length)) + 1;
    const reader = new ByteReader(value);
    while (!reader.atEnd) this.#filter.addHashes(reader.uint(), reader.uint());
    this.#keepList(key);
  }

  #keepList(key: string): void {
    this.#lists.push({ key, lastLayer: this.#filter.fullLayers.length });
  }

  /** Restored lists can fill a layer once more, so it is not all of them that a full layer replaces. */
  #dropLists(): readonly string[] {
    const replaced = this.#lists.filter(({ lastLayer }) => lastLayer < this.#writtenLayers);
    this.#lists = this.#lists.filter(({ lastLayer }) => lastLayer >= this.#writtenLayers);
    return replaced.map(({ key }) => key);
  }
}

function numbered(index: number): string {
  return String(index).padStart(NUMBER_DIGITS, '0');
}

function encodeLayer({ capacity, bits }: FilterLayer): Uint8Array {
  const writer = new ByteWriter(bits.length + NUMBER_DIGITS);
  writer.uint(capacity);
  writer.raw(bits);
  return writer.toBytes();
}

function decodeLayer(value: Uint8Array): FilterLayer {
  const reader = new ByteReader(value);
  const capacity = reader.uint();
  return { capacity, bits: Uint8Array.from(reader.raw(value.length - reader.offset)) };
}
