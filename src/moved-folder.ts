/**
 * The mark of a data folder whose ledger was moved to shards at a broker. Nothing in it was changed, and
 * nothing may be added: what one of the two ledgers decides, the other would not know.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FolderMove {
  /** The ledger that it is now, and what the names of its topics begin with. */
  readonly ledgerId: string;
  readonly prefix: string;
}

const MARK_FILE = 'moved.json';

export class FolderMovedError extends Error {
  override readonly name = 'FolderMovedError';
  readonly retryable = false;

  constructor(path: string, { ledgerId, prefix }: FolderMove) {
    super(
      `the ledger in ${path} was moved to ledger ${ledgerId} in the topics ${prefix}.*: use the configuration of ` +
        `that one. To go on with this one instead, as it was before, and never with the other, delete ${join(path, MARK_FILE)}`,
    );
  }
}

export function markMoved(path: string, move: FolderMove): void {
  writeFileSync(join(path, MARK_FILE), `${JSON.stringify(move)}\n`, { mode: 0o600, flush: true });
}

/** Called by whoever decides in one process. @throws FolderMovedError */
export function assertNotMoved(path: string): void {
  const file = join(path, MARK_FILE);
  if (existsSync(file))
    throw new FolderMovedError(path, JSON.parse(readFileSync(file, 'utf8')) as FolderMove);
}
