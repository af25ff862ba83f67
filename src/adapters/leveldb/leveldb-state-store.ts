/**
 * The shard's state in LevelDB. Writes go through the library's thread pool; reads are synchronous.
 *
 * Every write is synced. After a power cut LevelDB passes over what is torn in its journal and applies what
 * stands behind it, so that without a sync a later checkpoint could survive an earlier one that it builds on.
 * Writers therefore gather what they have: a sync costs the same for one object and for thousands.
 */
import { ClassicLevel } from 'classic-level';
import type { StateStore, StateWrite } from '#src/ports/state-store.ts';

/** Blocks kept uncompressed in memory; the tables above keep what is in use. */
const BLOCK_CACHE_BYTES = 32 * 1024 * 1024;
/** One checkpoint's writes fit, so that LevelDB does not stall on its own compaction. */
const WRITE_BUFFER_BYTES = 32 * 1024 * 1024;

export async function openLevelDbStateStore(folder: string): Promise<StateStore> {
  const db = new ClassicLevel<string, Uint8Array>(folder, {
    keyEncoding: 'utf8',
    valueEncoding: 'view',
    cacheSize: BLOCK_CACHE_BYTES,
    writeBufferSize: WRITE_BUFFER_BYTES,
  });
  await db.open();
  return {
    get: (key) => db.getSync(key),
    write: (write) => db.batch(operationsOf(write), { sync: true }),
    entries: (prefix) => db.iterator({ gte: prefix, lt: `${prefix}\uffff` }),
    clear: () => db.clear(),
    close: () => db.close(),
  };
}

function operationsOf({ puts, deletes }: StateWrite) {
  return [
    ...puts.map(({ key, value }) => ({ type: 'put' as const, key, value })),
    ...deletes.map((key) => ({ type: 'del' as const, key })),
  ];
}
