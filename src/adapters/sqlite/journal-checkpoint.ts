/** Moves committed rows from SQLite's journal (the write-ahead log) to the file of the log. */
import type { DatabaseSync } from 'node:sqlite';

export interface CheckpointResult {
  /** Another connection was in the way and the work could not be ended. */
  readonly busy: boolean;
  /** Frames (pages) in the journal that are not in the file yet. */
  readonly remainingFrames: number;
}

/**
 * `PASSIVE` takes what it can and holds nobody up. `TRUNCATE` waits for readers, takes everything, syncs the
 * file and leaves the journal empty. https://sqlite.org/c3ref/wal_checkpoint_v2.html
 * @throws errors of SQLite, for `namingFaults`
 */
export function checkpoint(database: DatabaseSync, mode: 'PASSIVE' | 'TRUNCATE'): CheckpointResult {
  const row = database.prepare(`PRAGMA wal_checkpoint(${mode})`).get() ?? {};
  return { busy: row['busy'] !== 0, remainingFrames: Number(row['log']) - Number(row['checkpointed']) };
}
