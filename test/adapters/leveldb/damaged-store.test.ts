import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { StateStoreDamaged } from '#src/ports/state-store-error.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

let folder: TemporaryFolder;

/** A store with a table file: LevelDB writes one when its journal has grown. */
beforeEach(async () => {
  folder = await makeTemporaryFolder();
  const level = new ClassicLevel<string, Uint8Array>(folder.path, {
    valueEncoding: 'view',
    writeBufferSize: 64 * 1024,
  });
  await level.open();
  for (let at = 0; at < 64; at++) {
    const batch = level.batch();
    for (let key = 0; key < 16; key++) batch.put(`${at}/${key}`, new Uint8Array(256).fill(at * key));
    await batch.write();
  }
  await level.close();
});

afterEach(() => folder.remove());

async function filesOf(pattern: RegExp): Promise<readonly string[]> {
  const names = (await readdir(folder.path)).filter((name) => pattern.test(name));
  expect(names.length).toBeGreaterThan(0);
  return names.map((name) => join(folder.path, name));
}

/** Opens the store and reads it in both ways. */
async function readAll(): Promise<void> {
  const store = await openLevelDbStateStore(folder.path);
  try {
    for (let at = 0; at < 64; at++) store.get(`${at}/0`);
    for await (const [key] of store.entries('')) expect(key).not.toBe('');
  } finally {
    await store.close();
  }
}

test('a store as it was written is read', () => expect(readAll()).resolves.toBeUndefined());

test.each<readonly [string, RegExp, (file: string) => Promise<void>]>([
  ['whose tables hold zeroes', /\.ldb$/, (file) => writeFile(file, new Uint8Array(4096))],
  ['whose tables are cut off', /\.ldb$/, (file) => truncate(file, 512)],
  ['whose tables are gone', /\.ldb$/, (file) => rm(file)],
  ['whose manifest is cut off', /^MANIFEST/, (file) => truncate(file, 5)],
  ['whose CURRENT says nothing', /^CURRENT$/, (file) => writeFile(file, 'x')],
  ['whose CURRENT is gone', /^CURRENT$/, (file) => rm(file)],
])('a store %s is damaged', async (_how, pattern, damage) => {
  for (const file of await filesOf(pattern)) await damage(file);
  await expect(readAll()).rejects.toBeInstanceOf(StateStoreDamaged);
});
