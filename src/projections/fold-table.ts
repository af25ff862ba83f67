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

/** Unchanged objects in memory; about 20 MB. */
const CACHED_MAX = 32_768;

export class FoldTable<V extends object> {
  readonly #settings: FoldTableSettings<V>;
  readonly #writer = new ByteWriter(1_024);
  readonly #changed = new Map<string, V>();
  readonly #cached = new Map<string, V>();
  /** Ids that were changed since it was last emptied by who reads it. */
  readonly touched: Set<string> = new Set();

  constructor(settings: FoldTableSettings<V>) {
    this.#settings = settings;
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
    this.touched.add(id);
    this.#changed.set(id, value);
  }

  /** Hands what has changed to the store, which writes it with its next commit. */
  flush(): void {
    const { prefix, codec, store } = this.#settings;
    if (this.#cached.size > CACHED_MAX) this.#cached.clear();
    for (const [id, value] of this.#changed) {
      this.#writer.reset();
      codec.write(this.#writer, value);
      store.put(prefix + id, this.#writer.toBytes());
      this.#cached.set(id, value);
    }
    this.#changed.clear();
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
