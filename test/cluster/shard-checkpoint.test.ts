import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { folderObjectStore } from '#src/adapters/files/folder-object-store.ts';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { MemoryLogStorage, openMemoryEventLog } from '#src/adapters/memory/memory-event-log.ts';
import { openSqliteLogMirror } from '#src/adapters/sqlite/sqlite-log-mirror.ts';
import {
  restoreShardCheckpoint,
  writeShardCheckpoint,
  type CheckpointPlace,
} from '#src/cluster/shard-checkpoint.ts';
import { ownerFolder } from '#src/cluster/shard-folders.ts';
import type { LogMirror } from '#src/ports/log-mirror.ts';
import type { ObjectStore } from '#src/ports/object-store.ts';
import { appendRows, bytesOf, readAll, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

describe('a checkpoint of a shard', () => {
  let folder: TemporaryFolder;
  let store: ObjectStore;
  let objects: string;
  let mirror: LogMirror;
  beforeEach(async () => {
    folder = await makeTemporaryFolder();
    objects = join(folder.path, 'objects');
    store = folderObjectStore(objects);
    mirror = openSqliteLogMirror(placeOf('here').folder.log, TEST_IDENTITY);
    const log = await openMemoryEventLog(new MemoryLogStorage())(TEST_IDENTITY);
    const rows = await appendRows(log, 5);
    const personal = rows.map(({ position }) => ({ position, parts: bytesOf(`person ${position}`) }));
    mirror.take({ rows, personal, inputs: { rows: '77', personal: '9' } });
  });
  afterEach(async () => {
    await mirror.close();
    await folder.remove();
  });

  function placeOf(machine: string): CheckpointPlace {
    return {
      store,
      identity: TEST_IDENTITY,
      folder: ownerFolder(join(folder.path, machine), TEST_IDENTITY.shard),
    };
  }

  async function putState(value: string): Promise<void> {
    const state = await openLevelDbStateStore(placeOf('here').folder.state);
    await state.write({ puts: [{ key: 'k', value: bytesOf(value) }], deletes: [] });
    await state.close();
  }

  test('fills the folder of a machine that never had the shard, while the owner goes on', async () => {
    await putState('as it was');
    expect(await writeShardCheckpoint(placeOf('here'))).toBe(5);
    const there = placeOf('there');
    expect(await restoreShardCheckpoint(there)).toBe(5);
    const restored = openSqliteLogMirror(there.folder.log, TEST_IDENTITY);
    expect(await readAll(restored)).toEqual(await readAll(mirror));
    expect(restored.inputs).toEqual({ rows: '77', personal: '9' });
    await restored.close();
    const state = await openLevelDbStateStore(there.folder.state);
    expect(state.get('k')?.toString()).toBe('as it was');
    await state.close();
  });

  test('takes the place of the one before, and is not made again without new rows', async () => {
    await putState('before');
    await writeShardCheckpoint(placeOf('here'));
    await putState('after');
    await writeShardCheckpoint(placeOf('here'));
    expect(await writeShardCheckpoint(placeOf('here'), 5)).toBeUndefined();
    const names = await store.list('');
    expect(names.filter((name) => name.endsWith('newest.json'))).toHaveLength(1);
    const there = placeOf('there');
    await restoreShardCheckpoint(there);
    const state = await openLevelDbStateStore(there.folder.state);
    expect(state.get('k')?.toString()).toBe('after');
    await state.close();
  });

  test('never touches a folder that has a mirror', async () => {
    await writeShardCheckpoint(placeOf('here'));
    expect(await restoreShardCheckpoint(placeOf('here'))).toBeUndefined();
  });

  test('of which a part is missing or changed is left alone', async () => {
    await writeShardCheckpoint(placeOf('here'));
    const [changed = ''] = (await store.list('')).filter((name) => name.endsWith('mirror.db'));
    await writeFile(join(objects, changed), 'something else');
    expect(await restoreShardCheckpoint(placeOf('there'))).toBeUndefined();
    await store.remove(changed);
    expect(await restoreShardCheckpoint(placeOf('there'))).toBeUndefined();
    expect(await restoreShardCheckpoint({ ...placeOf('there'), store: folderObjectStore(folder.path) })).toBe(
      undefined,
    );
  });

  test('of a shard that has nothing yet is none', async () => {
    expect(await writeShardCheckpoint(placeOf('elsewhere'))).toBeUndefined();
    expect(await store.list('')).toEqual([]);
  });
});
