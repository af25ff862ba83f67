/**
 * Tells a whole log to new shards. Their state lies on disk for as long as it takes, so that memory does
 * not grow with the ledger.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { LedgerStore } from '#src/pending/ledger-store.ts';
import type { EventLogReader, LogHead, LogRow } from '#src/ports/event-log.ts';
import { EMPTY_HEAD } from '#src/ports/event-log.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { LedgerRetelling, type Predecessor } from './ledger-retelling.ts';

export interface LogToRetell {
  readonly log: EventLogReader;
  /** It is told up to this row. */
  readonly predecessor: Predecessor;
  /** The id of the new ledger. */
  readonly ledgerId: string;
  readonly shards: number;
  /** What is needed meanwhile is made in it, and removed. */
  readonly folder: string;
  /** Some rows of a shard, in their order. */
  readonly onRows: (shard: number, rows: readonly LogRow[]) => Promise<void> | void;
  /** From 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** So many rows of the old log are told at once, or as many as have these bytes. */
const PAGE = { maxRows: 1_024, maxBytes: 4 * 1024 * 1024 };
/** State that has changed is written after so many rows of a shard: it is all in memory until then. */
const WRITE_EVERY_ROWS = 256;
const ENCODED_AT_ONCE = 10_000;
const ACCOUNTS_CACHED_MAX = 50_000;

interface ShardOnDisk {
  readonly store: StateStore;
  readonly ledger: LedgerStore;
  pending: LogRow[];
  head: LogHead;
}

/** @returns the last row of each shard. @throws Error when the old log contradicts itself. */
export async function retellLog(settings: LogToRetell): Promise<readonly LogHead[]> {
  const folder = join(settings.folder, 'moving');
  // Whoever was interrupted left it.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  const shards: ShardOnDisk[] = [];
  try {
    for (let shard = 0; shard < settings.shards; shard++)
      shards.push(await openShard(join(folder, String(shard))));
    await tellAll(settings, shards);
    return shards.map(({ head }) => head);
  } finally {
    for (const { store } of shards) await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openShard(path: string): Promise<ShardOnDisk> {
  const store = await openLevelDbStateStore(path);
  const ledger = await LedgerStore.open({ store, accountsCachedMax: ACCOUNTS_CACHED_MAX });
  return { store, ledger, pending: [], head: EMPTY_HEAD };
}

async function tellAll(settings: LogToRetell, shards: readonly ShardOnDisk[]): Promise<void> {
  const { log, predecessor, ledgerId, onProgress } = settings;
  const { position: last } = predecessor.head;
  const states = shards.map(({ ledger }) => ledger);
  const onRow = (shard: number, row: LogRow) => shards[shard]?.pending.push(row);
  const retelling = new LedgerRetelling({ ledgerId, states, onRow });
  for (let from = 1; from <= last;) {
    const page = await log.read({ from, ...PAGE });
    const rows = page.filter(({ position }) => position <= last);
    for (const row of rows) retelling.tell(row);
    await handOn(settings, shards);
    from += page.length;
    onProgress((from - 1) / last);
  }
  retelling.finish(predecessor);
  await handOn(settings, shards);
}

async function handOn({ onRows }: LogToRetell, shards: readonly ShardOnDisk[]): Promise<void> {
  for (const [index, shard] of shards.entries()) {
    const rows = shard.pending;
    shard.pending = [];
    if (rows.length > 0) await onRows(index, rows);
    shard.head = rows.at(-1) ?? shard.head;
    if (shard.head.position - shard.ledger.checkpointPosition >= WRITE_EVERY_ROWS) await writeState(shard);
  }
}

async function writeState({ ledger, head }: ShardOnDisk): Promise<void> {
  ledger.beginCheckpoint(head.position, []);
  while (!ledger.encodeCheckpoint(ENCODED_AT_ONCE));
  await ledger.writeCheckpoint();
}
