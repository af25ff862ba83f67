/**
 * A mirror of a log in one SQLite file, in the format of the log itself, so that whatever reads a log
 * reads a mirror. Beside the log's tables it has two of its own: how far its source was read, and which
 * personal parts are gone.
 *
 * Nothing is synced: after a power cut the file may be damaged, and is then made again from the source.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { connectMirror, readIdentity } from '#src/adapters/sqlite/log-connection.ts';
import { prepareLogRows } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { namingFaults } from '#src/adapters/sqlite/sqlite-fault.ts';
import { EventLogError } from '#src/ports/event-log-error.ts';
import type { LogIdentity } from '#src/ports/event-log.ts';
import type { LogMirror, MirroredBatch, MirrorInputs } from '#src/ports/log-mirror.ts';

const FILES = ['', '-wal', '-shm'];

/** Opens the mirror, or makes a new one where there is none, or one that is of another log or damaged. */
export function openSqliteLogMirror(path: string, identity: LogIdentity): LogMirror {
  const found = namingFaults('the mirror cannot be opened', () => openExisting(path, identity));
  if (found) return found;
  discardSqliteLogMirror(path);
  return namingFaults('the mirror cannot be made', () => createMirror(connectMirror(path, identity)));
}

export function discardSqliteLogMirror(path: string): void {
  for (const suffix of FILES) rmSync(`${path}${suffix}`, { force: true });
}

/** Undefined when the mirror that is there is of another log, or damaged. @throws for what is no mirror. */
function openExisting(path: string, identity: LogIdentity): LogMirror | undefined {
  try {
    const database = connectMirror(path, identity);
    assertIsMirror(database, path);
    const { ledgerId, shard } = readIdentity(database);
    if (ledgerId === identity.ledgerId && shard === identity.shard) return createMirror(database);
    database.close();
    return undefined;
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** A log that is the only one of its kind must never be thrown away for a mirror. */
function assertIsMirror(database: DatabaseSync, path: string): void {
  const found = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'mirror_input'").get();
  if (found) return;
  database.close();
  throw new EventLogError('unknownFormat', `${path} is a log of its own, not a mirror of one`);
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false;
  return error.errcode === SQLITE_CORRUPT || error.errcode === SQLITE_NOTADB;
}

function createMirror(database: DatabaseSync): LogMirror {
  const rows = prepareLogRows(database);
  const writes = prepareWrites(database);
  let head = rows.head();
  let inputs = readInputs(database);
  return {
    identity: readIdentity(database),
    get inputs() {
      return inputs;
    },
    hasPersonal: (position) => writes.hasPersonal(position),
    head: () => Promise.resolve(head),
    read: (range) => Promise.resolve(rows.page(range)),
    take(batch) {
      let last = head;
      for (const row of batch.rows) {
        assert.equal(row.position, last.position + 1, 'a row must follow the head');
        assert(Buffer.compare(row.previousHash, last.hash) === 0, 'a row must name the hash of the head');
        last = row;
      }
      writes.take(batch);
      head = { position: last.position, hash: last.hash };
      inputs = batch.inputs;
    },
    close() {
      if (database.isOpen) database.close();
      return Promise.resolve();
    },
  };
}

function prepareWrites(database: DatabaseSync) {
  const insertRow = database.prepare(
    'INSERT INTO log_row (position, previous_hash, hash, body) VALUES (?, ?, ?, ?)',
  );
  const putPersonal = database.prepare('INSERT OR REPLACE INTO log_personal (position, parts) VALUES (?, ?)');
  const dropPersonal = database.prepare('DELETE FROM log_personal WHERE position = ?');
  const putErased = database.prepare('INSERT OR REPLACE INTO mirror_erased (position) VALUES (?)');
  const findPersonal = database.prepare(
    'SELECT 1 FROM log_personal WHERE position = ?1 UNION ALL SELECT 1 FROM mirror_erased WHERE position = ?1',
  );
  const putInputs = database.prepare(
    'INSERT OR REPLACE INTO mirror_input (id, row_offset, personal_offset) VALUES (1, ?, ?)',
  );

  function write({ rows, personal, inputs }: MirroredBatch): void {
    for (const { position, previousHash, hash, body } of rows)
      insertRow.run(position, previousHash, hash, body);
    for (const { position, parts } of personal) {
      if (parts.length > 0) putPersonal.run(position, parts);
      else {
        dropPersonal.run(position);
        putErased.run(position);
      }
    }
    putInputs.run(inputs.rows, inputs.personal);
  }

  return {
    hasPersonal: (position: number) => findPersonal.get(position) !== undefined,
    take(batch: MirroredBatch) {
      database.exec('BEGIN IMMEDIATE');
      try {
        write(batch);
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
  };
}

function readInputs(database: DatabaseSync): MirrorInputs | undefined {
  const row = database.prepare('SELECT row_offset, personal_offset FROM mirror_input').get();
  if (!row) return undefined;
  return { rows: String(row['row_offset']), personal: String(row['personal_offset']) };
}
