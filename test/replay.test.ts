import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runReplay } from '#src/replay.ts';
import { dataFolderOnDisk, type DataFolderOnDisk } from '#test/support/data-folder-on-disk.ts';
import { at, minute } from '#test/support/flow-log.ts';
import { payOf } from '#test/support/flow-setup.ts';

describe('replaying a data folder', () => {
  let folder: DataFolderOnDisk;
  beforeEach(async () => {
    folder = await dataFolderOnDisk();
  });
  afterEach(() => folder.remove());

  test('the state has the same hash each time, beside what has the folder open', async () => {
    const { state, payments, position } = await runReplay({ dataFolder: folder.path });
    expect({ payments, position }).toEqual({ payments: 10, position: 10 });
    expect((await runReplay({ dataFolder: folder.path })).state).toBe(state);
  });

  test('one more payment gives another hash', async () => {
    const { state } = await runReplay({ dataFolder: folder.path });
    await folder.ledger.run(at(minute(40), payOf({ id: 'more' })));
    expect((await runReplay({ dataFolder: folder.path })).state).not.toBe(state);
  });

  test('another folder with the same commands has the same hash', async () => {
    const other = await dataFolderOnDisk();
    const { state } = await runReplay({ dataFolder: other.path });
    await other.remove();
    expect((await runReplay({ dataFolder: folder.path })).state).toBe(state);
  });
});
