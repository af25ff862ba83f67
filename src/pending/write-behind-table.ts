/**
 * A table of the ledger's state whose objects are in memory while they are used and in the state
 * store otherwise.
 *
 * Changes reach the store only with a checkpoint, which writes the state as it was at one position
 * of the log while the shard goes on: an object that is changed again before the checkpoint has
 * encoded it is encoded first (copy on write). So the store is consistent at all times, and nothing
 * stands still for it.
 */
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import type { Codec } from '#src/domain/encoding/codec.ts';
import type { Table } from '#src/domain/ledger/ledger-state.ts';
import type { StateStore } from '#src/ports/state-store.ts';

export interface TableSettings<V> {
  /** Keys in the store begin with it. */
  readonly prefix: string;
  readonly codec: Codec<V>;
  readonly store: StateStore;
  /** Unchanged objects that stay in memory, at most twice as many. */
  readonly cachedMax: number;
  /** False: the id was surely never added, and no table or store need be asked. */
  readonly mayContain?: (id: string) => boolean;
}

export interface StoredObject {
  readonly key: string;
  readonly value: Uint8Array;
}

const ENCODE_BYTES = 1024;

export class WriteBehindTable<V extends object> implements Table<V> {
  readonly #settings: TableSettings<V>;
  readonly #writer = new ByteWriter(ENCODE_BYTES);
  /** Changed since the last checkpoint began. */
  #changed = new Map<string, V>();
  /** As they were when the checkpoint under way began; those not encoded yet. */
  #unwritten = new Map<string, V>();
  #written: StoredObject[] = [];
  /** Encoded, and not in the store before the checkpoint's write has ended. */
  #inFlight = new Map<string, V>();
  #young = new Map<string, V>();
  #old = new Map<string, V>();

  constructor(settings: TableSettings<V>) {
    this.#settings = settings;
  }

  get(id: string): Readonly<V> | undefined {
    if (this.#settings.mayContain?.(id) === false) return undefined;
    return this.#changed.get(id) ?? this.#unwritten.get(id) ?? this.#unchanged(id);
  }

  edit(id: string): V {
    const changed = this.#changed.get(id);
    if (changed) return changed;
    const unwritten = this.#unwritten.get(id);
    if (unwritten) this.#encode(id, unwritten);
    const value = unwritten ?? this.#unchanged(id);
    if (!value) throw new Error(`${this.#settings.prefix}${id} is not in the table`);
    this.#changed.set(id, value);
    return value;
  }

  add(id: string, value: V): void {
    if (this.#changed.has(id)) throw new Error(`${this.#settings.prefix}${id} is in the table already`);
    this.#changed.set(id, value);
  }

  /** What has changed since the last checkpoint began. */
  get changed(): ReadonlyMap<string, V> {
    return this.#changed;
  }

  /** From now on changes belong to the next checkpoint. The one before must have ended. */
  beginCheckpoint(): void {
    if (this.#unwritten.size > 0 || this.#inFlight.size > 0) throw new Error('a checkpoint is under way');
    this.#unwritten = this.#changed;
    this.#changed = new Map();
  }

  /** Encodes up to `count` objects of the checkpoint; true once there are none left. */
  encodeSome(count: number): boolean {
    let left = count;
    for (const [id, value] of this.#unwritten) {
      if (left-- === 0) return false;
      this.#encode(id, value);
    }
    return true;
  }

  /** The encoded objects of the checkpoint. */
  takeWritten(): readonly StoredObject[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  /** The checkpoint's objects are in the store. */
  endCheckpoint(): void {
    for (const [id, value] of this.#inFlight) this.#keep(id, value);
    this.#inFlight.clear();
  }

  #encode(id: string, value: V): void {
    const { prefix, codec } = this.#settings;
    this.#writer.reset();
    codec.write(this.#writer, value);
    this.#written.push({ key: prefix + id, value: this.#writer.toBytes() });
    this.#unwritten.delete(id);
    this.#inFlight.set(id, value);
  }

  #unchanged(id: string): V | undefined {
    return this.#inFlight.get(id) ?? this.#cached(id) ?? this.#load(id);
  }

  #cached(id: string): V | undefined {
    const young = this.#young.get(id);
    if (young) return young;
    const old = this.#old.get(id);
    if (old) this.#keep(id, old);
    return old;
  }

  #load(id: string): V | undefined {
    const { store, prefix, codec } = this.#settings;
    const bytes = store.get(prefix + id);
    if (!bytes) return undefined;
    const value = codec.read(new ByteReader(bytes));
    this.#keep(id, value);
    return value;
  }

  /** Two generations: what was not used for a whole one is forgotten. */
  #keep(id: string, value: V): void {
    this.#young.set(id, value);
    if (this.#young.size < this.#settings.cachedMax) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
