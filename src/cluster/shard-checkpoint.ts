/**
 * What a shard's owner has on disk, put where other machines find it: a worker that never had the shard
 * begins with that instead of reading the whole log.
 *
 * It needs no agreement between its parts. Whatever is restored is treated as what an owner finds in its
 * own folder: the mirror is brought to the end of the topics or thrown away, the state is brought to the
 * end of the log or built again. So a checkpoint can be old, but not wrong.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { snapshotLevelDb } from '#src/adapters/files/level-db-snapshot.ts';
import { copyLogMirror } from '#src/adapters/sqlite/copy-log-mirror.ts';
import type { LogIdentity } from '#src/ports/event-log.ts';
import type { ObjectStore } from '#src/ports/object-store.ts';
import type { OwnerFolder } from './shard-folders.ts';

export interface CheckpointPlace {
  readonly store: ObjectStore;
  readonly identity: LogIdentity;
  readonly folder: OwnerFolder;
}

interface CheckpointFile {
  /** With `/` between folders. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
}

interface Manifest {
  readonly position: number;
  readonly files: readonly CheckpointFile[];
}

const MANIFEST = 'newest.json';
const MIRROR = 'mirror.db';

/**
 * Puts down a checkpoint while the shard goes on, and removes the one before.
 * @returns the position of its last row; undefined where the shard has nothing on disk, or no row behind `last`.
 */
export async function writeShardCheckpoint(
  place: CheckpointPlace,
  last?: number,
): Promise<number | undefined> {
  const { store, folder } = place;
  const scratch = `${dirname(folder.log)}.checkpoint`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  try {
    await snapshotLevelDb(folder.state, join(scratch, 'state'));
    await snapshotLevelDb(folder.histories, join(scratch, 'histories'));
    const position = await copyLogMirror(folder.log, join(scratch, MIRROR));
    if (position === undefined || position === last) return undefined;
    const prefix = prefixOf(place);
    const before = await store.list(`${prefix}/`);
    const files = await describeFiles(scratch);
    for (const { name } of files) await store.put(`${prefix}/${position}/${name}`, join(scratch, name));
    const manifest: Manifest = { position, files };
    await writeFile(join(scratch, MANIFEST), JSON.stringify(manifest));
    await store.put(`${prefix}/${MANIFEST}`, join(scratch, MANIFEST));
    const kept = new Set([
      `${prefix}/${MANIFEST}`,
      ...files.map(({ name }) => `${prefix}/${position}/${name}`),
    ]);
    for (const name of before) if (!kept.has(name)) await store.remove(name);
    return position;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Fills the folder of a shard that has no mirror.
 * @returns the position of the last row; undefined where nothing was restored: the folder has a mirror,
 * there is no checkpoint, or it is not whole.
 */
export async function restoreShardCheckpoint(place: CheckpointPlace): Promise<number | undefined> {
  const { store, folder } = place;
  if (existsSync(folder.log)) return undefined;
  const target = dirname(folder.log);
  const scratch = `${target}.restore`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  try {
    const prefix = prefixOf(place);
    if (!(await store.get(`${prefix}/${MANIFEST}`, join(scratch, MANIFEST)))) return undefined;
    const manifest = JSON.parse(await readFile(join(scratch, MANIFEST), 'utf8')) as Manifest;
    for (const file of manifest.files) {
      const path = join(scratch, file.name);
      await mkdir(dirname(path), { recursive: true });
      const isThere = await store.get(`${prefix}/${manifest.position}/${file.name}`, path);
      if (!isThere || (await digestOf(path)) !== file.digest) return undefined;
    }
    // The mirror last: as long as it is missing the folder counts as empty.
    for (const part of ['state', 'histories', MIRROR]) {
      if (!existsSync(join(scratch, part))) continue;
      await rm(join(target, part), { recursive: true, force: true });
      await rename(join(scratch, part), join(target, part));
    }
    return manifest.position;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function prefixOf({ identity }: CheckpointPlace): string {
  return `${identity.ledgerId}/shard-${identity.shard}`;
}

async function describeFiles(folder: string): Promise<readonly CheckpointFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({
      name: relative(folder, path).split(sep).join('/'),
      bytes: (await stat(path)).size,
      digest: await digestOf(path),
    })),
  );
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
