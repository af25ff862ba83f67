import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { snapshotLevelDb } from '#src/adapters/files/level-db-snapshot.ts';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

/** Large enough that a few dozen of them make LevelDB write tables. */
const VALUE_BYTES = 64 * 1024;
const KEYS_IN_WRITE = 16;

describe('a snapshot of a LevelDB folder', () => {
  let folder: TemporaryFolder;
  let store: StateStore;
  beforeEach(async () => {
    folder = await makeTemporaryFolder();
    store = await openLevelDbStateStore(join(folder.path, 'live'));
  });
  afterEach(async () => {
    await store.close();
    await folder.remove();
  });

  /** All keys of one write carry its number. */
  function writeRound(round: number): Promise<void> {
    const puts = Array.from({ length: KEYS_IN_WRITE }, (_, key) => ({
      key: `key/${key}`,
      value: new Uint8Array(VALUE_BYTES).fill(round),
    }));
    return store.write({ puts, deletes: [] });
  }

  async function roundsIn(path: string): Promise<Set<number | undefined>> {
    const copy = await openLevelDbStateStore(path);
    const rounds = new Set<number | undefined>();
    for await (const [, value] of copy.entries('key/')) rounds.add(value[0]);
    await copy.close();
    return rounds;
  }

  test('has what was there, while the store stays open', async () => {
    await writeRound(1);
    expect(await snapshotLevelDb(join(folder.path, 'live'), join(folder.path, 'copy'))).toBe(true);
    await writeRound(2);
    expect(await roundsIn(join(folder.path, 'copy'))).toEqual(new Set([1]));
  });

  test('taken in the middle of writing has whole writes only', async () => {
    await writeRound(1);
    let isWriting = true;
    const writing = (async () => {
      for (let round = 2; isWriting; round = (round % 250) + 1) await writeRound(round);
    })();
    for (let copy = 0; copy < 5; copy++) {
      const target = join(folder.path, `copy-${copy}`);
      await snapshotLevelDb(join(folder.path, 'live'), target);
      expect(await roundsIn(target)).toHaveProperty('size', 1);
    }
    isWriting = false;
    await writing;
  });

  test('of a folder that is not there is none', async () => {
    expect(await snapshotLevelDb(join(folder.path, 'nowhere'), join(folder.path, 'copy'))).toBe(false);
  });
});
