import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
import { DataFolderLocked } from '#src/ports/data-folder-lock.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await makeTemporaryFolder();
});

afterEach(() => folder.remove());

const HOLDER = `
  import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
  acquireDataFolderLock(process.argv[1]);
  console.log('held');
  setInterval(() => {}, 60_000);`;

test('a second holder is refused, and told who the first one is', () => {
  const lock = acquireDataFolderLock(folder.path);
  expect(() => acquireDataFolderLock(folder.path)).toThrow(new DataFolderLocked(folder.path, process.pid));
  lock.release();
});

test('a folder that was given up can be taken again, and names no holder meanwhile', async () => {
  const lock = acquireDataFolderLock(folder.path);
  lock.release();
  lock.release();
  await expect(readFile(join(folder.path, 'lock.pid'))).rejects.toThrow('ENOENT');
  acquireDataFolderLock(folder.path).release();
});

test('a folder held by a process that was killed is free', async () => {
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, folder.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  expect(() => acquireDataFolderLock(folder.path)).toThrow(`in use by process ${holder.pid}`);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  acquireDataFolderLock(folder.path).release();
});

test('a folder that is not there is an error of its own', () => {
  expect(() => acquireDataFolderLock(join(folder.path, 'absent'))).toThrow('cannot be locked');
});
