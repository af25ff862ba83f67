/** Erased personal parts are gone from the files, not only from the answers. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import type { EventLog } from '#src/ports/event-log.ts';
import { placesOf } from '#test/support/event-log/flipped-copies.ts';
import { appendRow, appendRows, bytesOf, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { makeFolderInMemory, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const SECRET = bytesOf('ada@example.com');
let folder: TemporaryFolder;
let path: string;
let log: EventLog;

beforeEach(async () => {
  folder = await makeFolderInMemory();
  path = join(folder.path, 'log.db');
  log = await openSqliteEventLog({ path })(TEST_IDENTITY);
});

afterEach(async () => {
  await log.close();
  await folder.remove();
});

async function filesWithSecret(): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder.path)) {
    if (placesOf(await readFile(join(folder.path, name)), SECRET).length > 0) found.push(name);
  }
  return found;
}

/** A part of the given size with the secret in its midst; large ones fill pages of their own. */
function partOf(bytes: number): Uint8Array {
  const part = new Uint8Array(bytes).fill(1);
  part.set(SECRET, bytes >> 1);
  return part;
}

test.each([
  ['a small part, replaced', 200, () => bytesOf('rest')],
  ['a small part, of which nothing remains', 200, () => null],
  ['a part of many pages, replaced', 50_000, () => bytesOf('rest')],
  ['a part of many pages, of which nothing remains', 50_000, () => null],
])('%s, stands in no file any more', async (_, bytes, transform) => {
  await appendRows(log, 20, 300);
  await appendRow(log, { body: bytesOf('facts'), personal: partOf(bytes) });
  await appendRows(log, 20, 300);
  expect(await filesWithSecret()).not.toEqual([]);
  expect(await log.erasePersonal([21], transform)).toEqual({ changedRows: 1, scrubbed: true });
  expect(await filesWithSecret()).toEqual([]);
});

test('a row that was moved to the file long before is erased there too', async () => {
  await appendRow(log, { body: bytesOf('facts'), personal: partOf(5_000) });
  await log.close();
  log = await openSqliteEventLog({ path })(TEST_IDENTITY);
  await log.erasePersonal([1], () => null);
  expect(await filesWithSecret()).toEqual([]);
});

test('a reader that comes and goes does not keep erased bytes', async () => {
  await appendRow(log, { body: bytesOf('facts'), personal: partOf(5_000) });
  const reader = await openSqliteEventLogReader(path);
  expect(await reader.read({ from: 1 })).toHaveLength(1);
  expect(await log.erasePersonal([1], () => null)).toEqual({ changedRows: 1, scrubbed: true });
  expect(await filesWithSecret()).toEqual([]);
  expect((await reader.read({ from: 1 }))[0]?.personal).toBeNull();
  await reader.close();
});
