/**
 * The shard's state in LevelDB. Writes go through the library's thread pool; reads are synchronous.
 *
 * Every write is synced. After a power cut LevelDB passes over what is torn in its journal and applies what
 * stands behind it, so that without a sync a later checkpoint could survive an earlier one that it builds on.
 * Writers therefore gather what they have: a sync costs the same for one object and for thousands.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { refuseHeadless, storeFault } from '#src/adapters/leveldb/leveldb-fault.ts';
import type { StateStore, StateWrite } from '#src/ports/state-store.ts';

/** Blocks kept uncompressed in memory; the tables above keep what is in use. */
const BLOCK_CACHE_BYTES = 32 * 1024 * 1024;
/** One checkpoint's writes fit, so that LevelDB does not stall on its own compaction. */
const WRITE_BUFFER_BYTES = 32 * 1024 * 1024;
/** Objects handed to the library before other work gets its turn: a third of a millisecond. */
const OBJECTS_IN_TURN = 512;

type Level = ClassicLevel<string, Uint8Array>;

/** @throws StateStoreDamaged or StateStoreFailed, as does what is opened. */
export async function openLevelDbStateStore(folder: string): Promise<StateStore> {
  refuseHeadless(folder);
  const db: Level = new ClassicLevel<string, Uint8Array>(folder, {
    keyEncoding: 'utf8',
    valueEncoding: 'view',
    cacheSize: BLOCK_CACHE_BYTES,
    writeBufferSize: WRITE_BUFFER_BYTES,
  });
  const failed = (error: unknown): never => {
    throw storeFault(folder, error);
  };
  await db.open().catch(failed);
  return {
    get(key) {
      try {
        return db.getSync(key);
      } catch (error) {
        return failed(error);
      }
    },
    write: (write) => writeGathered(db, write).catch(failed),
    async *entries(prefix) {
      try {
        yield* db.iterator({ gte: prefix, lt: `${prefix}\uffff` });
      } catch (error) {
        failed(error);
      }
    },
    clear: () => db.clear(),
    close: () => db.close(),
  };
}

/**
 * Gathers the write on the library's side, which takes objects one by one at a quarter of what a list of
 * them costs and lets a large write be handed over in turns; then commits it as a whole.
 */
async function writeGathered(db: Level, { puts, deletes }: StateWrite): Promise<void> {
  const batch = db.batch();
  let gathered = 0;
  for (const { key, value } of puts) {
    batch.put(key, value);
    if (++gathered % OBJECTS_IN_TURN === 0) await nextTurn();
  }
  for (const key of deletes) batch.del(key);
  await batch.write({ sync: true });
}
