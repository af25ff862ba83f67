/**
 * The file of the log: its tables, its version, and how a connection to it is made.
 *
 * Facts and personal parts are two tables, so that erasing the second never touches a page of the first.
 * `secure_delete` overwrites what is erased; 4 KiB pages make the smallest commit (8 KiB for one payment).
 *
 * Never open this file by other means (`fs.open`, `fs.copyFile`) in a process that has it open here: closing
 * any descriptor of a file drops all POSIX locks that the process holds on it.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

import { EventLogError } from '#src/ports/event-log-error.ts';
import type { LogIdentity } from '#src/ports/event-log.ts';

/** "Vch1" in ASCII: what `file` and SQLite tools show as the owner of the file. */
const APPLICATION_ID = 0x56636831;
const SCHEMA_VERSION = 1;

/** How long a connection waits for another one's lock. Readers take pages of rows, so locks are short. */
const BUSY_TIMEOUT_MS = 5_000;

const CREATE_TABLES = `
  CREATE TABLE log_identity (ledger_id TEXT NOT NULL, shard INTEGER NOT NULL) STRICT;
  CREATE TABLE log_row (
    position INTEGER PRIMARY KEY,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE TABLE log_personal (position INTEGER PRIMARY KEY, parts BLOB NOT NULL) STRICT;`;

/** A connection that may write. Makes the file if it is not there. */
export function connectWriter(path: string, identityIfNew: LogIdentity): DatabaseSync {
  return connect(new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS }), (database) => {
    database.exec('PRAGMA page_size = 4096');
    const mode = pragma(database, 'journal_mode = WAL');
    if (mode !== 'wal')
      throw new EventLogError('io', `the log needs write-ahead logging, SQLite offers ${String(mode)}`);
    database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = ON');
    if (isEmptyFile(database)) createTables(database, identityIfNew, CREATE_TABLES);
    checkFormat(database);
  });
}

/** What a mirror has beside the tables of the log. Offsets are text, because they may pass 2^53. */
const CREATE_MIRROR_TABLES = `
  CREATE TABLE mirror_input (id INTEGER PRIMARY KEY, row_offset TEXT NOT NULL, personal_offset TEXT NOT NULL) STRICT;
  CREATE TABLE mirror_erased (position INTEGER PRIMARY KEY) STRICT;`;

/** Pages of the journal after which SQLite moves them to the file by itself: 16 MiB. */
const MIRROR_CHECKPOINT_PAGES = 4_096;

/** A connection that may write a mirror, which need not survive a power cut. Makes the file if it is not there. */
export function connectMirror(path: string, identityIfNew: LogIdentity): DatabaseSync {
  return connect(new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS }), (database) => {
    database.exec('PRAGMA page_size = 4096');
    pragma(database, 'journal_mode = WAL');
    database.exec(
      `PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = ${MIRROR_CHECKPOINT_PAGES}; PRAGMA secure_delete = ON`,
    );
    if (isEmptyFile(database)) createTables(database, identityIfNew, CREATE_TABLES + CREATE_MIRROR_TABLES);
    checkFormat(database);
  });
}

/** A second connection of the writing process, which only moves rows from the journal to the file. */
export function connectCheckpointer(path: string): DatabaseSync {
  return connect(new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS }), (database) => {
    database.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0');
  });
}

/** A connection that cannot write; works beside a running writer, and on a folder that is read-only. */
export function connectReader(path: string): DatabaseSync {
  if (!existsSync(path)) throw new EventLogError('absent', `there is no log at ${path}`);
  const options = { readOnly: true, timeout: BUSY_TIMEOUT_MS };
  try {
    return connect(new DatabaseSync(path, options), checkFormat);
  } catch (error) {
    // Without a journal beside it nobody is writing, and a read-only folder has no room for SQLite's shared index.
    const isClosedAndReadOnly = !existsSync(`${path}-wal`) && !(error instanceof EventLogError);
    if (!isClosedAndReadOnly) throw error;
    return connect(new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, options), checkFormat);
  }
}

export function readIdentity(database: DatabaseSync): LogIdentity {
  const row = database.prepare('SELECT ledger_id, shard FROM log_identity').get();
  const ledgerId = row?.['ledger_id'];
  const shard = row?.['shard'];
  if (typeof ledgerId !== 'string' || typeof shard !== 'number') {
    throw new EventLogError('damaged', 'the log does not say which ledger it belongs to');
  }
  return { ledgerId, shard };
}

function connect(database: DatabaseSync, prepare: (database: DatabaseSync) => void): DatabaseSync {
  try {
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isEmptyFile(database: DatabaseSync): boolean {
  return pragma(database, 'schema_version') === 0;
}

function createTables(database: DatabaseSync, identity: LogIdentity, tables: string): void {
  database.exec('BEGIN IMMEDIATE');
  database.exec(tables);
  database.prepare('INSERT INTO log_identity VALUES (?, ?)').run(identity.ledgerId, identity.shard);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}

function checkFormat(database: DatabaseSync): void {
  const application = pragma(database, 'application_id');
  const version = pragma(database, 'user_version');
  if (application !== APPLICATION_ID)
    throw new EventLogError('unknownFormat', 'this file is not a log of Vouch');
  if (version !== SCHEMA_VERSION) {
    throw new EventLogError(
      'unknownFormat',
      `log format ${String(version)}; this version of Vouch knows ${SCHEMA_VERSION}`,
    );
  }
}

function pragma(database: DatabaseSync, text: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${text}`).get() ?? {})[0];
}
