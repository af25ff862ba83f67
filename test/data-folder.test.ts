import { readdir, readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { makeDataFolder, readSecret } from '#src/data-folder.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await makeTemporaryFolder();
});

afterEach(() => folder.remove());

test('the secret of a folder is made once, is readable by its owner only, and leaves nothing half done', async () => {
  const paths = makeDataFolder(folder.path);
  const secret = readSecret(paths);
  expect(readSecret(paths)).toEqual(secret);
  expect(new Uint8Array(await readFile(paths.secret))).toEqual(new Uint8Array(secret));
  expect((await stat(paths.secret)).mode & 0o077).toBe(0);
  expect(await readdir(folder.path)).toEqual(['secret.key']);
});
