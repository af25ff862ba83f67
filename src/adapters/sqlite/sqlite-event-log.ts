/**
 * The log in one SQLite file: one transaction, one row and one sync for each batch.
 *
 * Two things are less obvious than they look:
 *
 * - **After a failed sync nothing may be believed.** The kernel can have marked pages clean that are not on
 *   disk, and this connection and the file can disagree about the last row. So the log refuses further work,
 *   and opening it again copies the whole journal into the file and syncs that, *before* it answers what the
 *   head is. The same copy makes durable what a killed process had written but not yet synced.
 * - **Erased bytes live on in the journal** until it is emptied, so an erasure ends by truncating it.
 *
 * The data folder's lock (`data-folder-lock.ts`) keeps a second writer out; this file does not.
 */
import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';

import { startCheckpointer } from '#src/adapters/sqlite/checkpointer.ts';
import { checkpoint } from '#src/adapters/sqlite/journal-checkpoint.ts';
import { createCommits } from '#src/adapters/sqlite/commits.ts';
import { connectWriter, readIdentity } from '#src/adapters/sqlite/log-connection.ts';
import { prepareLogStore } from '#src/adapters/sqlite/log-store.ts';
import { prepareLogRows } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { namingFaults } from '#src/adapters/sqlite/sqlite-fault.ts';
import { EventLogError } from '#src/ports/event-log-error.ts';
import type { EventLog, LogHead, LogRow, OpenEventLog } from '#src/ports/event-log.ts';
import { MAX_ERASED_ROWS, MAX_ROW_BYTES } from '#src/ports/event-log.ts';

/** What a row costs in the journal beside its bytes: two part-filled pages. */
const ROW_OVERHEAD_BYTES = 8_192;

export interface SqliteEventLogOptions {
  readonly path: string;
  /** Makes the writing connection; tests pass one that fails. */
  readonly connect?: typeof connectWriter;
}

export function openSqliteEventLog({ path, connect = connectWriter }: SqliteEventLogOptions): OpenEventLog {
  return async function open(identityIfNew) {
    const database = namingFaults('the log cannot be opened', () => connect(path, identityIfNew));
    try {
      makeJournalDurable(database);
      return createLog(database, path);
    } catch (error) {
      database.close();
      throw error;
    }
  };
}

function makeJournalDurable(database: DatabaseSync): void {
  const { busy } = namingFaults('the journal cannot be made durable', () => checkpoint(database, 'TRUNCATE'));
  if (busy) throw new EventLogError('busy', 'a reader keeps the journal from being made durable');
}

function createLog(database: DatabaseSync, path: string): EventLog {
  const identity = namingFaults('the log cannot be read', () => readIdentity(database));
  const rows = prepareLogRows(database);
  const store = prepareLogStore(database);
  let head = rows.head();
  const checkpointer = startCheckpointer({ path, writer: database });
  const commits = createCommits(database, checkpointer);

  return {
    identity,
    async head() {
      commits.assertUsable();
      return head;
    },
    async read(range) {
      commits.assertUsable();
      return rows.page(range);
    },
    async append(row) {
      commits.assertUsable();
      assertFollows(row, head);
      const bytes = row.body.length + (row.personal?.length ?? 0) + ROW_OVERHEAD_BYTES;
      commits.commit(() => store.insert(row), bytes);
      head = { position: row.position, hash: row.hash };
    },
    async erasePersonal(positions, transform) {
      commits.assertUsable();
      assert(positions.length <= MAX_ERASED_ROWS, 'too many rows for one erasure');
      const edits = positions.flatMap((position) => store.editOf(position, transform) ?? []);
      commits.commit(() => edits.forEach((edit) => store.apply(edit)), edits.length * ROW_OVERHEAD_BYTES);
      await checkpointer.whenIdle();
      const { busy } = commits.changing(() => checkpoint(database, 'TRUNCATE'));
      return { changedRows: edits.length, scrubbed: !busy };
    },
    async close() {
      commits.retire();
      await checkpointer.close();
      if (database.isOpen) database.close();
    },
  };
}

function assertFollows(row: LogRow, head: LogHead): void {
  assert.equal(row.position, head.position + 1, 'a row must follow the head');
  assert(Buffer.compare(row.previousHash, head.hash) === 0, 'a row must name the hash of the head');
  const personalBytes = row.personal?.length ?? 0;
  assert(row.body.length <= MAX_ROW_BYTES && personalBytes <= MAX_ROW_BYTES, 'a row is too large');
}
