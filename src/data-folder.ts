/** Where everything of one ledger lies, and its secret, which no log and no index ever holds. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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
    makeDurably(file, key);
    return key;
  }
}

/** Whole and synced before anybody uses it: histories under a key that a crash takes away are lost. */
function makeDurably(file: string, bytes: Uint8Array): void {
  const unfinished = `${file}.unfinished`;
  writeFileSync(unfinished, bytes, { mode: 0o600, flush: true });
  renameSync(unfinished, file);
  syncFolder(dirname(file));
}

/** A name in a folder survives a power cut once the folder is synced; Windows has no such call. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
