import { copyFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openReopenableReader } from '#src/adapters/sqlite/reopenable-reader.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { appendRows, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { makeFolderInMemory } from '#test/support/temporary-folder.ts';

test('a reader whose file has become another reads that one once it is opened again', async () => {
  const folder = await makeFolderInMemory();
  const path = join(folder.path, 'log.db');
  const open = openSqliteEventLog({ path });
  const before = await open(TEST_IDENTITY);
  await appendRows(before, 2, 10);
  await before.close();
  const reader = await openReopenableReader(path);
  await copyFile(path, `${path}.restored`);
  await rename(`${path}.restored`, path);
  for (const beside of ['-wal', '-shm']) await rm(path + beside);
  const after = await open(TEST_IDENTITY);
  await appendRows(after, 1, 10);
  expect((await reader.head()).position).toBe(2);
  await reader.reopen();
  expect((await reader.head()).position).toBe(3);
  expect(await reader.read({ from: 3 })).toHaveLength(1);
  await reader.close();
  await after.close();
  await folder.remove();
});
