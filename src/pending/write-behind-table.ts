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
import { readStored } from '#src/ports/state-store-error.ts';
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

/** Encoded objects lie side by side in blocks of about this size: an allocation for each costs more than its bytes. */
const BLOCK_BYTES = 256 * 1024;
/** Room for the last object of a block. */
const BLOCK_MARGIN_BYTES = 4_096;
/** Ids that were asked for and are nowhere, so that the store is asked once for each new account and not five times. */
const ABSENT_MAX = 4_096;

export class WriteBehindTable<V extends object> implements Table<V> {
  readonly #settings: TableSettings<V>;
  /** Never written again where it has been: the encoded objects are views of it. */
  #block: ByteWriter | undefined;
  /** Changed since the last checkpoint began. */
  #changed = new Map<string, V>();
  /** As they were when the checkpoint under way began; those not encoded yet. */
  #unwritten = new Map<string, V>();
  #written: StoredObject[] = [];
  /** Encoded, and not in the store before the checkpoint's write has ended. */
  #inFlight = new Map<string, V>();
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  readonly #absent = new Set<string>();

  constructor(settings: TableSettings<V>) {
    this.#settings = settings;
  }

  get(id: string): Readonly<V> | undefined {
    const changed = this.#changed.get(id);
    if (changed || this.#settings.mayContain?.(id) === false) return changed;
    return this.#unwritten.get(id) ?? this.#unchanged(id);
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
    this.#absent.delete(id);
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
    this.#block = undefined;
    return written;
  }

  /** The checkpoint's objects are in the store. */
  endCheckpoint(): void {
    const [few, many] = bySize(this.#inFlight, this.#young);
    for (const [id, value] of few) many.set(id, value);
    this.#inFlight = new Map();
    this.#young = many;
    this.#ageWhenFull();
  }

  #encode(id: string, value: V): void {
    const { prefix, codec } = this.#settings;
    this.#block ??= new ByteWriter(BLOCK_BYTES + BLOCK_MARGIN_BYTES);
    const start = this.#block.length;
    codec.write(this.#block, value);
    this.#written.push({ key: prefix + id, value: this.#block.viewFrom(start) });
    if (this.#block.length >= BLOCK_BYTES) this.#block = undefined;
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
    if (this.#absent.has(id)) return undefined;
    const { store, prefix, codec } = this.#settings;
    const bytes = store.get(prefix + id);
    if (!bytes) return this.#noteAbsent(id);
    const value = readStored(`${prefix}${id} of the state`, () => codec.read(new ByteReader(bytes)));
    this.#keep(id, value);
    return value;
  }

  #noteAbsent(id: string): undefined {
    if (this.#absent.size >= ABSENT_MAX) this.#absent.clear();
    this.#absent.add(id);
  }

  #keep(id: string, value: V): void {
    this.#young.set(id, value);
    this.#ageWhenFull();
  }

  /** Two generations: what was not used for a whole one is forgotten. */
  #ageWhenFull(): void {
    if (this.#young.size < this.#settings.cachedMax) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

function bySize<V>(left: Map<string, V>, right: Map<string, V>): [few: Map<string, V>, many: Map<string, V>] {
  return left.size < right.size ? [left, right] : [right, left];
}
