/** Changes to the log, each whole or not at all, and none after one whose outcome is not known. */
import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';

import type { Checkpointer } from '#src/adapters/sqlite/checkpointer.ts';
import { faultOf, messageOf } from '#src/adapters/sqlite/sqlite-fault.ts';
import { CommitOutcomeUnknown } from '#src/ports/event-log-error.ts';

export interface Commits {
  /** A use after an error or a close is a bug of the caller. */
  assertUsable(): void;
  /** Whatever fails in here, at the latest a sync, leaves the outcome unknown. @throws CommitOutcomeUnknown */
  changing<T>(change: () => T): T;
  /** One transaction; `bytes`: about what it adds to the journal. @throws CommitOutcomeUnknown */
  commit(change: () => void, bytes: number): void;
  /** Nothing may be done from here on. */
  retire(): void;
}

export function createCommits(database: DatabaseSync, checkpointer: Checkpointer): Commits {
  let isUsable = true;

  function changing<T>(change: () => T): T {
    isUsable = false;
    try {
      const result = change();
      isUsable = true;
      return result;
    } catch (error) {
      const message = `the commit failed: ${messageOf(error)}`;
      throw new CommitOutcomeUnknown(faultOf(error) ?? 'io', message, { cause: error });
    }
  }

  return {
    changing,
    assertUsable() {
      assert(isUsable, 'the log must be opened again after an error or a close');
    },
    commit(change, bytes) {
      changing(() => {
        checkpointer.beforeCommit(bytes);
        database.exec('BEGIN IMMEDIATE');
        change();
        database.exec('COMMIT');
      });
    },
    retire() {
      isUsable = false;
    },
  };
}
