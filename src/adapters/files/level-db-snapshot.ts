/**
 * A copy of a LevelDB folder that another process may be writing to. Its tables never change once they
 * are written, so they are linked; its manifest and journals grow, so they are copied.
 *
 * The manifest names the tables that belong together. If it has grown while the files were copied,
 * tables or journals may be those of another moment, and the copy is made again.
 */
import { constants, copyFile, link, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The manifest grows once for some thousand payments; a copy takes milliseconds. */
const ATTEMPTS_MAX = 20;

/** False when there is no such folder. @throws Error when the folder never stands still for long enough. */
export async function snapshotLevelDb(source: string, target: string): Promise<boolean> {
  if ((await manifestOf(source)) === undefined) return false;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true });
    if (await copyOnce(source, target)) return true;
  }
  throw new Error(`${source} changes too fast to be copied; try again when less is written`);
}

async function copyOnce(source: string, target: string): Promise<boolean> {
  const before = await manifestOf(source);
  if (!before) return false;
  try {
    await copyFile(join(source, 'CURRENT'), join(target, 'CURRENT'));
    await copyFile(join(source, before.name), join(target, before.name));
    const names = (await readdir(source)).toSorted();
    for (const name of names.filter((each) => /\.(ldb|sst)$/.test(each)))
      await linkOrCopy(source, target, name);
    for (const name of names.filter((each) => each.endsWith('.log')))
      await copyFile(join(source, name), join(target, name));
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
  const after = await manifestOf(source);
  return after?.name === before.name && after.size === before.size;
}

async function linkOrCopy(source: string, target: string, name: string): Promise<void> {
  try {
    await link(join(source, name), join(target, name));
  } catch (error) {
    if (isGone(error)) throw error;
    await copyFile(join(source, name), join(target, name), constants.COPYFILE_FICLONE);
  }
}

async function manifestOf(
  folder: string,
): Promise<{ readonly name: string; readonly size: number } | undefined> {
  try {
    const name = (await readFile(join(folder, 'CURRENT'), 'utf8')).trim();
    return { name, size: (await stat(join(folder, name))).size };
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
