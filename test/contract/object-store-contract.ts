/** What every object store has to do, whatever keeps the objects. Called by the test of each adapter. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { ObjectStore } from '#src/ports/object-store.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

export function describeObjectStore(name: string, open: (folder: string) => ObjectStore): void {
  describe(name, () => {
    let folder: TemporaryFolder;
    let store: ObjectStore;
    let file: string;
    beforeEach(async () => {
      folder = await makeTemporaryFolder();
      store = open(join(folder.path, 'objects'));
      file = join(folder.path, 'file');
    });
    afterEach(() => folder.remove());

    async function put(object: string, text: string): Promise<void> {
      await writeFile(file, text);
      await store.put(object, file);
    }

    test('gives back what was put, the newest where it was put again', async () => {
      await put('a/b/one.json', 'first');
      await put('a/b/one.json', 'second');
      expect(await store.get('a/b/one.json', file)).toBe(true);
      expect(await readFile(file, 'utf8')).toBe('second');
    });

    test('says that there is none, and removes what is not there without a word', async () => {
      expect(await store.get('a/nothing', file)).toBe(false);
      expect(await store.list('')).toEqual([]);
      await store.remove('a/nothing');
    });

    test('lists what begins with a prefix, in order, without what was removed', async () => {
      for (const object of ['b/2', 'a/1', 'b/1', 'b/10/x']) await put(object, object);
      await store.remove('b/2');
      expect(await store.list('b/')).toEqual(['b/1', 'b/10/x']);
      expect(await store.list('')).toEqual(['a/1', 'b/1', 'b/10/x']);
    });

    test.each(['../x', '/x', 'a/../../x', 'a//b', '.hidden', ''])(
      'takes no name like "%s"',
      async (object) => {
        await writeFile(file, 'x');
        await expect((async () => store.put(object, file))()).rejects.toThrow('is no name of an object');
      },
    );
  });
}
