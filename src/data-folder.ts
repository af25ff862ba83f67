/** Where everything of one ledger lies, and its secret, which no log and no index ever holds. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DataFolder {
  readonly path: string;
  /** The only file that cannot be rebuilt from another; keep `secret.key` with it. */
  readonly log: string;
  readonly anchors: string;
  readonly state: string;
  readonly histories: string;
  readonly projections: string;
  readonly pid: string;
  /** Key of the hashes by which histories and indexes know entities. */
  readonly secret: string;
}

const SECRET_BYTES = 16;

export function dataFolder(path: string): DataFolder {
  return {
    path,
    log: join(path, 'log.db'),
    anchors: join(path, 'anchors.log'),
    state: join(path, 'state'),
    histories: join(path, 'histories'),
    projections: join(path, 'projections'),
    pid: join(path, 'vouch.pid'),
    secret: join(path, 'secret.key'),
  };
}

/** Makes the folder where it is missing. */
export function makeDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return dataFolder(path);
}

/** The folder's secret, made when it is missing and readable by its owner only. */
export function readSecret({ secret }: DataFolder): Uint8Array {
  const key = readOrMake(secret);
  if (key.length !== SECRET_BYTES)
    throw new Error(`${secret} holds ${key.length} bytes and should hold ${SECRET_BYTES}`);
  return key;
}

function readOrMake(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const key = randomBytes(SECRET_BYTES);
    writeFileSync(file, key, { mode: 0o600, flag: 'wx' });
    return key;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
