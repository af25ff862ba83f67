/**
 * The ledger's state of one shard on its store: accounts, payments, used ids and counters, with
 * checkpoints. A restart opens the store at its checkpoint and applies the rows of the log behind it.
 */
import type { Account } from '#src/domain/account.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { struct, uint } from '#src/domain/encoding/codec.ts';
import {
  accountState,
  counters,
  directoryEntry,
  paymentState,
  receiptState,
  STATE_VERSION,
} from '#src/domain/encoding/state-codec.ts';
import {
  emptyCounters,
  type Counters,
  type DirectoryEntry,
  type LedgerState,
  type Receipt,
  type Table,
} from '#src/domain/ledger/ledger-state.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import { readStored } from '#src/ports/state-store-error.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { IdFilterStore } from './id-filter-store.ts';
import { WriteBehindTable, type StoredObject } from './write-behind-table.ts';

const CHECKPOINT_KEY = 'meta/checkpoint';
const OPEN_PREFIX = 'open/';

interface Checkpoint {
  readonly version: number;
  /** The log row up to which the store's state goes. */
  readonly position: number;
  readonly counters: Counters;
}

const checkpointCodec = struct<Checkpoint>({ version: uint, position: uint, counters });

/** A checkpoint is encoded in steps between batches, then written while batches go on. */
export type CheckpointStage = 'none' | 'encoding' | 'writing';

export interface LedgerStoreSettings {
  readonly store: StateStore;
  /** Accounts that stay in memory without having changed. */
  readonly accountsCachedMax: number;
}

/** Ended payments are rarely asked for again. */
const PAYMENTS_CACHED_MAX = 16_384;
const RECEIPTS_CACHED_MAX = 16_384;
/** A home is asked for when an id comes a second time. */
const DIRECTORY_CACHED_MAX = 16_384;

export class LedgerStore implements LedgerState {
  readonly accounts: WriteBehindTable<Account>;
  readonly payments: Table<PaymentState>;
  readonly receipts: WriteBehindTable<Receipt>;
  readonly directory: Table<DirectoryEntry>;
  readonly counters: Counters;
  readonly #store: StateStore;
  readonly #payments: WriteBehindTable<PaymentState>;
  readonly #directory: WriteBehindTable<DirectoryEntry>;
  readonly #ids: IdFilterStore;
  /** Payments that the store marks as open. */
  readonly #markedOpen = new Set<string>();
  #position: number;
  #prepared: { puts: StoredObject[]; deletes: string[]; position: number } | undefined;
  #write: Promise<void> | undefined;

  private constructor(settings: LedgerStoreSettings, checkpoint: Checkpoint | undefined, ids: IdFilterStore) {
    const { store } = settings;
    this.#store = store;
    this.#ids = ids;
    this.#position = checkpoint?.position ?? 0;
    this.counters = checkpoint ? { ...checkpoint.counters } : emptyCounters();
    this.accounts = new WriteBehindTable<Account>({
      prefix: 'account/',
      codec: accountState,
      store,
      cachedMax: settings.accountsCachedMax,
    });
    this.#payments = new WriteBehindTable<PaymentState>({
      prefix: 'payment/',
      codec: paymentState,
      store,
      cachedMax: PAYMENTS_CACHED_MAX,
      mayContain: (id) => ids.mayContain(id),
    });
    this.payments = withIds(this.#payments, ids);
    this.receipts = new WriteBehindTable<Receipt>({
      prefix: 'receipt/',
      codec: receiptState,
      store,
      cachedMax: RECEIPTS_CACHED_MAX,
    });
    this.#directory = new WriteBehindTable<DirectoryEntry>({
      prefix: 'home/',
      codec: directoryEntry,
      store,
      cachedMax: DIRECTORY_CACHED_MAX,
      mayContain: (id) => ids.mayContain(id),
    });
    this.directory = withIds(this.#directory, ids);
  }

  /** Opens the state at its checkpoint; a store of another version is emptied and starts at position 0. */
  static async open(settings: LedgerStoreSettings): Promise<LedgerStore> {
    const { store } = settings;
    const checkpoint = await readCheckpoint(store);
    const ledger = new LedgerStore(settings, checkpoint, await IdFilterStore.open(store));
    for await (const [key] of store.entries(OPEN_PREFIX))
      ledger.#markedOpen.add(key.slice(OPEN_PREFIX.length));
    return ledger;
  }

  /** The log row up to which the store, not the memory, goes. */
  get checkpointPosition(): number {
    return this.#position;
  }

  get checkpointStage(): CheckpointStage {
    if (this.#write) return 'writing';
    return this.#prepared ? 'encoding' : 'none';
  }

  /** The payments that were open at the checkpoint. */
  openPaymentIds(): Iterable<string> {
    return this.#markedOpen;
  }

  /** Fixes the state as it is now, at `position`, to be written by the steps that follow. */
  beginCheckpoint(position: number, registry: readonly StoredObject[]): void {
    const open = this.#openMarks();
    for (const table of this.#tables()) table.beginCheckpoint();
    const writer = new ByteWriter(256);
    checkpointCodec.write(writer, { version: STATE_VERSION, position, counters: this.counters });
    const head = { key: CHECKPOINT_KEY, value: writer.toBytes() };
    const ids = this.#ids.takeWrites();
    this.#prepared = {
      puts: [head, ...registry, ...open.puts, ...ids.puts],
      deletes: [...open.deletes, ...ids.deletes],
      position,
    };
  }

  /** Encodes up to `count` objects; true once the checkpoint is ready to be written. */
  encodeCheckpoint(count: number): boolean {
    return this.#tables().every((table) => table.encodeSome(count));
  }

  /** Writes the encoded checkpoint as one atomic batch; the shard goes on meanwhile. */
  writeCheckpoint(): Promise<void> {
    this.#write ??= this.#writePrepared();
    return this.#write;
  }

  async #writePrepared(): Promise<void> {
    const prepared = this.#prepared;
    if (!prepared) throw new Error('no checkpoint has begun');
    const puts = [...prepared.puts, ...this.#tables().flatMap((table) => table.takeWritten())];
    await this.#store.write({ puts, deletes: prepared.deletes });
    for (const table of this.#tables()) table.endCheckpoint();
    this.#position = prepared.position;
    this.#prepared = undefined;
    this.#write = undefined;
  }

  #tables(): readonly WriteBehindTable<object>[] {
    return [
      this.accounts,
      this.#payments,
      this.receipts,
      this.#directory,
    ] as readonly WriteBehindTable<object>[];
  }

  #openMarks(): { puts: StoredObject[]; deletes: string[] } {
    const marks = { puts: [] as StoredObject[], deletes: [] as string[] };
    for (const [id, { status }] of this.#payments.changed) {
      const isOpen = status === 'pending';
      if (isOpen === this.#markedOpen.has(id)) continue;
      if (isOpen) {
        marks.puts.push({ key: OPEN_PREFIX + id, value: new Uint8Array() });
        this.#markedOpen.add(id);
      } else {
        marks.deletes.push(OPEN_PREFIX + id);
        this.#markedOpen.delete(id);
      }
    }
    return marks;
  }
}

/** Payments of this shard and ids of others that it keeps the directory of are in one filter. */
function withIds<V extends object>(table: WriteBehindTable<V>, ids: IdFilterStore): Table<V> {
  return {
    get: (id) => table.get(id),
    edit: (id) => table.edit(id),
    add: (id, value) => {
      table.add(id, value);
      ids.add(id);
    },
  };
}

async function readCheckpoint(store: StateStore): Promise<Checkpoint | undefined> {
  const bytes = store.get(CHECKPOINT_KEY);
  if (!bytes) return undefined;
  const reader = new ByteReader(bytes);
  const isOfThisVersion = readStored(CHECKPOINT_KEY, () => reader.uint() === STATE_VERSION);
  if (isOfThisVersion) return readStored(CHECKPOINT_KEY, () => checkpointCodec.read(new ByteReader(bytes)));
  await store.clear();
  return undefined;
}
