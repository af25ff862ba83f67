/**
 * A table of what events are folded into. Changed objects are in memory until the next checkpoint;
 * of the others as many as were used lately.
 */
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import type { Codec } from '#src/domain/encoding/codec.ts';
import type { BufferedStore } from './buffered-store.ts';

export interface FoldTableSettings<V> {
  /** Keys in the store begin with it. */
  readonly prefix: string;
  readonly codec: Codec<V>;
  readonly store: BufferedStore;
}

/** Unchanged objects in memory, beside those that the last checkpoint wrote; about 20 MB. */
const CACHED_MAX = 32_768;
const WRITER_BYTES = 1 << 18;

export class FoldTable<V extends object> {
  readonly #settings: FoldTableSettings<V>;
  readonly #writer = new ByteWriter(WRITER_BYTES);
  #changed = new Map<string, V>();
  #cached = new Map<string, V>();
  /** What a checkpoint under way has still to write. */
  #unwritten: Iterator<[string, V]> | undefined;
  /** Ids that were changed since it was last emptied by who reads it. */
  readonly touched: Set<string> = new Set();
  #added = 0;

  constructor(settings: FoldTableSettings<V>) {
    this.#settings = settings;
  }

  /** How many objects were added to this table, not counting those that were stored before. */
  get added(): number {
    return this.#added;
  }

  get(id: string): Readonly<V> | undefined {
    return this.#changed.get(id) ?? this.#cached.get(id) ?? this.#load(id);
  }

  /** @throws Error when there is none: the log contradicts itself. */
  edit(id: string): V {
    this.touched.add(id);
    const changed = this.#changed.get(id);
    if (changed) return changed;
    const value = this.#cached.get(id) ?? this.#load(id);
    if (!value) throw new Error(`${this.#settings.prefix}${id} is not known`);
    this.#changed.set(id, value);
    return value;
  }

  add(id: string, value: V): void {
    this.#added++;
    this.touched.add(id);
    this.#changed.set(id, value);
  }

  /**
   * Hands up to `count` changed objects to the store, which writes them with its next commit; true once
   * there are none left. Nothing may be changed before that.
   */
  flushSome(count: number): boolean {
    this.#unwritten ??= this.#changed.entries();
    const isDone = this.#encode(this.#unwritten, count);
    if (!isDone) return false;
    this.#unwritten = undefined;
    this.#keepChanged();
    return true;
  }

  /** What was changed lately is likely to be changed again: an account that is used all day is not read anew. */
  #keepChanged(): void {
    const [few, many] =
      this.#changed.size < this.#cached.size ? [this.#changed, this.#cached] : [this.#cached, this.#changed];
    if (few.size + many.size > CACHED_MAX) this.#cached = this.#changed;
    else {
      for (const [id, value] of few) many.set(id, value);
      this.#cached = many;
    }
    this.#changed = new Map();
  }

  /** The rows share one piece of memory: one for each of them would cost more than the encoding. */
  #encode(objects: Iterator<[string, V]>, count: number): boolean {
    const { prefix, codec, store } = this.#settings;
    const keys: string[] = [];
    const ends: number[] = [];
    let isDone: boolean | undefined = false;
    this.#writer.reset();
    while (keys.length < count) {
      const next = objects.next();
      isDone = next.done;
      if (next.done) break;
      keys.push(prefix + next.value[0]);
      codec.write(this.#writer, next.value[1]);
      ends.push(this.#writer.length);
    }
    const bytes = this.#writer.toBytes();
    let start = 0;
    for (const [index, key] of keys.entries()) {
      const end = ends[index] ?? start;
      store.put(key, bytes.subarray(start, end));
      start = end;
    }
    return isDone === true;
  }

  #load(id: string): V | undefined {
    const { prefix, codec, store } = this.#settings;
    const bytes = store.get(prefix + id);
    if (!bytes) return undefined;
    const value = codec.read(new ByteReader(bytes));
    if (this.#cached.size > CACHED_MAX) this.#cached.clear();
    this.#cached.set(id, value);
    return value;
  }
}
