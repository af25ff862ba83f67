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

import { startCheckpointer, type CheckpointerDeps } from '#src/adapters/sqlite/checkpointer.ts';
import { checkpoint } from '#src/adapters/sqlite/journal-checkpoint.ts';
import { connectWriter, readIdentity } from '#src/adapters/sqlite/log-connection.ts';
import { blobOf, prepareLogRows } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { faultOf, messageOf, namingFaults } from '#src/adapters/sqlite/sqlite-fault.ts';
import { CommitOutcomeUnknown, EventLogError } from '#src/ports/event-log-error.ts';
import type { EventLog, LogRow, OpenEventLog, PersonalTransform } from '#src/ports/event-log.ts';
import { MAX_ERASED_ROWS, MAX_ROW_BYTES } from '#src/ports/event-log.ts';

/** What a row costs in the journal beside its bytes: two part-filled pages. */
const ROW_OVERHEAD_BYTES = 8_192;

export interface SqliteEventLogOptions {
  readonly path: string;
  /** Told when the journal could not be copied: nothing is lost, but the journal grows until it can be. */
  readonly onCheckpointFailed?: () => void;
  /** Makes the writing connection; tests pass one that fails. */
  readonly connect?: typeof connectWriter;
}

export function openSqliteEventLog({
  path,
  onCheckpointFailed,
  connect = connectWriter,
}: SqliteEventLogOptions): OpenEventLog {
  return async function open(identityIfNew) {
    const database = namingFaults('the log cannot be opened', () => connect(path, identityIfNew));
    try {
      makeJournalDurable(database);
      return createLog(database, { path, onCheckpointFailed: onCheckpointFailed ?? (() => {}) });
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

function createLog(
  database: DatabaseSync,
  options: Pick<CheckpointerDeps, 'path' | 'onCheckpointFailed'>,
): EventLog {
  const identity = namingFaults('the log cannot be read', () => readIdentity(database));
  const rows = prepareLogRows(database);
  const store = prepareStore(database);
  let head = rows.head();
  let isUsable = true;
  const checkpointer = startCheckpointer({ ...options, writer: database });

  function assertUsable(): void {
    assert(isUsable, 'the log must be opened again after an error or a close');
  }

  /** One transaction. Whatever fails in it, at the latest its sync, leaves its outcome unknown. */
  function commit(change: () => void, bytes: number): void {
    isUsable = false;
    try {
      checkpointer.beforeCommit(bytes);
      database.exec('BEGIN IMMEDIATE');
      change();
      database.exec('COMMIT');
    } catch (error) {
      throw new CommitOutcomeUnknown(faultOf(error) ?? 'io', `the commit failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
    isUsable = true;
  }

  return {
    identity,
    async head() {
      assertUsable();
      return head;
    },
    async read(range) {
      assertUsable();
      return rows.page(range);
    },
    async append(row) {
      assertUsable();
      assert.equal(row.position, head.position + 1, 'a row must follow the head');
      assert(Buffer.compare(row.previousHash, head.hash) === 0, 'a row must name the hash of the head');
      const personalBytes = row.personal?.length ?? 0;
      assert(row.body.length <= MAX_ROW_BYTES && personalBytes <= MAX_ROW_BYTES, 'a row is too large');
      commit(() => store.insert(row), row.body.length + personalBytes + ROW_OVERHEAD_BYTES);
      head = { position: row.position, hash: row.hash };
    },
    async erasePersonal(positions, transform) {
      assertUsable();
      assert(positions.length <= MAX_ERASED_ROWS, 'too many rows for one erasure');
      const edits = positions.flatMap((position) => store.editOf(position, transform) ?? []);
      commit(() => edits.forEach((edit) => store.apply(edit)), edits.length * ROW_OVERHEAD_BYTES);
      await checkpointer.whenIdle();
      const { busy } = namingFaults('the erased bytes cannot be overwritten', () =>
        checkpoint(database, 'TRUNCATE'),
      );
      return { changedRows: edits.length, scrubbed: !busy };
    },
    async close() {
      isUsable = false;
      await checkpointer.close();
      if (database.isOpen) database.close();
    },
  };
}

interface PersonalEdit {
  readonly position: number;
  readonly parts: Uint8Array | null;
}

interface LogStore {
  insert(row: LogRow): void;
  /** `null` if the transform leaves the stored bytes as they are. */
  editOf(position: number, transform: PersonalTransform): PersonalEdit | null;
  apply(edit: PersonalEdit): void;
}

function prepareStore(database: DatabaseSync): LogStore {
  const insertRow = database.prepare(
    'INSERT INTO log_row (position, previous_hash, hash, body) VALUES (?, ?, ?, ?)',
  );
  const insertPersonal = database.prepare('INSERT INTO log_personal (position, parts) VALUES (?, ?)');
  const selectPersonal = database.prepare('SELECT parts FROM log_personal WHERE position = ?');
  const updatePersonal = database.prepare('UPDATE log_personal SET parts = ? WHERE position = ?');
  const deletePersonal = database.prepare('DELETE FROM log_personal WHERE position = ?');

  return {
    insert(row) {
      insertRow.run(row.position, row.previousHash, row.hash, row.body);
      if (row.personal !== null) insertPersonal.run(row.position, row.personal);
    },
    editOf(position, transform) {
      const stored = selectPersonal.get(position);
      if (stored === undefined) return null;
      const before = blobOf(stored, 'parts');
      const parts = transform(position, before);
      return parts !== null && Buffer.compare(before, parts) === 0 ? null : { position, parts };
    },
    apply({ position, parts }) {
      if (parts === null) deletePersonal.run(position);
      else updatePersonal.run(parts, position);
    },
  };
}
