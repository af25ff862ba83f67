/** An object store in a folder, such as one that all machines have mounted. Names are paths in it. */
import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { ObjectStore } from '#src/ports/object-store.ts';

/** What a name is made of; nothing in it leads out of the folder. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
/** Of files that are not whole; no name begins with a point. */
const UNFINISHED = '.unfinished-';

export function folderObjectStore(folder: string): ObjectStore {
  function pathOf(name: string): string {
    if (!NAME.test(name)) throw new Error(`${name} is no name of an object`);
    return join(folder, ...name.split('/'));
  }

  return {
    async put(name, file) {
      const target = pathOf(name);
      await mkdir(dirname(target), { recursive: true });
      const unfinished = join(dirname(target), `${UNFINISHED}${randomUUID()}`);
      await copyFile(file, unfinished);
      await rename(unfinished, target);
    },
    async get(name, file) {
      try {
        await copyFile(pathOf(name), file);
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    async list(prefix) {
      const names = await namesIn(folder);
      return names.filter((name) => name.startsWith(prefix)).toSorted();
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith(UNFINISHED))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
