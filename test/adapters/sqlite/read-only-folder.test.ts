/** A data folder that may only be read. In a process of its own, because root may write anywhere. */
import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { appendRows, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await makeTemporaryFolder();
  const path = join(folder.path, 'log.db');
  const log = await openSqliteEventLog({ path })(TEST_IDENTITY);
  await appendRows(log, 3);
  await log.close();
  await chmod(path, 0o444);
  await chmod(folder.path, 0o555);
});

afterEach(async () => {
  await chmod(folder.path, 0o755);
  await folder.remove();
});

const AS_NOBODY = `
  import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
  import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
  const path = process.argv[1];
  if (process.getuid?.() === 0) process.setuid(65534);
  const reader = await openSqliteEventLogReader(path);
  const rows = await reader.read({ from: 1 });
  await reader.close();
  const fault = await openSqliteEventLog({ path })(reader.identity).then(() => null, (error) => error.fault);
  console.log(JSON.stringify({ rows: rows.length, fault }));`;

test('is read without leaving anything there, and refuses a writer as read-only', async () => {
  const parameters = ['--input-type=module', '-e', AS_NOBODY, join(folder.path, 'log.db')];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  expect(JSON.parse(stdout)).toEqual({ rows: 3, fault: 'readOnly' });
});
