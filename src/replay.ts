/**
 * `vouch replay`: builds the ledger's state from the first event of a data folder and says its hash,
 * which is the same for the same log, always and everywhere. Reads only, beside a running server too.
 *
 * The state grows with the log, so it is built in a temporary store on disk.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIpLocationTable } from '#src/adapters/files/ip-location-table.ts';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { counters, paymentState } from '#src/domain/encoding/state-codec.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import { LedgerStore } from '#src/pending/ledger-store.ts';
import type { EventLogReader } from '#src/ports/event-log.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { LedgerReplay } from '#src/shard/ledger-replay.ts';
import { VectorRecompute, type VectorCounts, type VectorMismatch } from '#src/shard/vector-recompute.ts';
import { dataFolder, readSecret } from './data-folder.ts';

export interface ReplayOptions {
  readonly dataFolder: string;
  readonly recomputeFeatures?: boolean;
  readonly onProgress?: (share: number) => void;
}

export interface ReplayReport {
  /** SHA-256 of accounts, payments, used ids and counters, in hex. */
  readonly state: string;
  readonly position: number;
  readonly events: number;
  readonly payments: number;
  readonly milliseconds: number;
  readonly features?: VectorCounts & { readonly examples: readonly VectorMismatch[] };
}

const RECORDS_BETWEEN_CHECKPOINTS = 50_000;
const ACCOUNTS_CACHED_MAX = 100_000;

/** @throws Error when the log contradicts itself, EventLogError when it cannot be read. */
export async function runReplay(options: ReplayOptions): Promise<ReplayReport> {
  const started = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'vouch-replay-'));
  const log = await openSqliteEventLogReader(dataFolder(options.dataFolder).log);
  const store = await openLevelDbStateStore(folder);
  try {
    const ledger = await LedgerStore.open({ store, accountsCachedMax: ACCOUNTS_CACHED_MAX });
    const vectors = options.recomputeFeatures ? recompute(options.dataFolder, ledger) : undefined;
    const replay = new LedgerReplay(ledger, vectors);
    const position = await applyLog({ log, ledger, replay }, options);
    return {
      state: await hashState(store, ledger),
      position,
      events: replay.events,
      payments: replay.payments,
      milliseconds: Math.round(performance.now() - started),
      ...(vectors ? { features: { ...vectors.counts, examples: vectors.mismatches } } : {}),
    };
  } finally {
    await Promise.all([store.close(), log.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

function recompute(path: string, ledger: LedgerStore): VectorRecompute {
  return new VectorRecompute({
    ledger,
    keyer: createEntityKeyer({ key: readSecret(dataFolder(path)), ipTable: openIpLocationTable() }),
    openFeatures: (toReference) => new HistoryFeatureStage({ toReference }),
  });
}

interface Replaying {
  readonly log: EventLogReader;
  readonly ledger: LedgerStore;
  readonly replay: LedgerReplay;
}

/** Gives the position of the last row. */
async function applyLog({ log, ledger, replay }: Replaying, { onProgress }: ReplayOptions): Promise<number> {
  const head = await log.head();
  let position = 0;
  let sinceCheckpoint = 0;
  while (position < head.position) {
    const rows = await log.read({ from: position + 1 });
    if (rows.length === 0) break;
    for (const row of rows) {
      sinceCheckpoint += await replay.apply(row);
      position = row.position;
    }
    if (sinceCheckpoint >= RECORDS_BETWEEN_CHECKPOINTS) {
      sinceCheckpoint = 0;
      await writeCheckpoint(ledger, position);
    }
    onProgress?.(Math.min(1, position / head.position));
  }
  await writeCheckpoint(ledger, position);
  return position;
}

async function writeCheckpoint(ledger: LedgerStore, position: number): Promise<void> {
  ledger.beginCheckpoint(position, []);
  ledger.encodeCheckpoint(Number.MAX_SAFE_INTEGER);
  await ledger.writeCheckpoint();
}

/** Over every object in the order of keys, each part behind its length. */
async function hashState(store: StateStore, ledger: LedgerStore): Promise<string> {
  const sum = createHash('sha256');
  const writer = new ByteWriter();
  for (const prefix of ['account/', 'payment/', 'receipt/']) {
    for await (const [key, value] of store.entries(prefix)) {
      writer.reset();
      writer.text(key);
      writer.bytes(prefix === 'payment/' ? withoutKeys(value) : value);
      sum.update(writer.toBytes());
    }
  }
  writer.reset();
  counters.write(writer, ledger.counters);
  return sum.update(writer.toBytes()).digest('hex');
}

/** Keyed hashes of entities come from personal data, and would make the state another after an erasure. */
function withoutKeys(payment: Uint8Array): Uint8Array {
  const writer = new ByteWriter(payment.length + 8);
  const state = paymentState.read(new ByteReader(payment));
  paymentState.write(writer, { ...state, entityKeys: new Uint8Array() });
  return writer.toBytes();
}
