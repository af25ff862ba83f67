/** A folder of its own for one test. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY_FOLDER = '/dev/shm';

export interface TemporaryFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function makeTemporaryFolder(parent = tmpdir()): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(parent, 'vouch-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Where syncs cost nothing, for tests whose faults are made above the device; on Linux, else the usual place. */
export function makeFolderInMemory(): Promise<TemporaryFolder> {
  return makeTemporaryFolder(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir());
}
