/** Reads the log from any thread or process while another one writes it. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';

import { connectReader, readIdentity } from '#src/adapters/sqlite/log-connection.ts';
import { namingFaults } from '#src/adapters/sqlite/sqlite-fault.ts';
import { EventLogError } from '#src/ports/event-log-error.ts';
import type { EventLogReader, LogHead, LogRow, ReadRange } from '#src/ports/event-log.ts';
import { DEFAULT_READ, EMPTY_HEAD } from '#src/ports/event-log.ts';

type StoredRow = Record<string, SQLOutputValue>;

/** @throws EventLogError if there is no log, or none that this version can read */
export async function openSqliteEventLogReader(path: string): Promise<EventLogReader> {
  const database = namingFaults('the log cannot be opened', () => connectReader(path));
  const { rows, identity } = namingFaults('the log cannot be read', () => ({
    rows: prepareLogRows(database),
    identity: readIdentity(database),
  }));
  return {
    identity,
    async head() {
      return rows.head();
    },
    async read(range) {
      return rows.page(range);
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

export interface LogRows {
  head(): LogHead;
  page(range: ReadRange): readonly LogRow[];
}

/** The reading statements, which the writer uses on its own connection too. */
export function prepareLogRows(database: DatabaseSync): LogRows {
  const selectHead = database.prepare('SELECT position, hash FROM log_row ORDER BY position DESC LIMIT 1');
  const selectFacts = database.prepare(
    'SELECT position, previous_hash, hash, body, NULL AS parts FROM log_row WHERE position >= ? ORDER BY position LIMIT ?',
  );
  const selectAll = database.prepare(
    'SELECT position, previous_hash, hash, body, parts FROM log_row LEFT JOIN log_personal USING (position)' +
      ' WHERE position >= ? ORDER BY position LIMIT ?',
  );

  return {
    head() {
      const row = namingFaults('the head of the log cannot be read', () => selectHead.get());
      if (row === undefined) return EMPTY_HEAD;
      return { position: integerOf(row, 'position'), hash: blobOf(row, 'hash') };
    },
    page(range) {
      const { from, maxRows, maxBytes, withPersonal } = { ...DEFAULT_READ, ...range };
      const statement = withPersonal ? selectAll : selectFacts;
      return namingFaults(`the log cannot be read from position ${from}`, () => {
        const page: LogRow[] = [];
        let bytes = 0;
        for (const stored of statement.iterate(from, maxRows)) {
          const row = toLogRow(stored);
          page.push(row);
          bytes += row.body.length + (row.personal?.length ?? 0);
          if (bytes >= maxBytes) break;
        }
        return page;
      });
    },
  };
}

function toLogRow(stored: StoredRow): LogRow {
  return {
    position: integerOf(stored, 'position'),
    previousHash: blobOf(stored, 'previous_hash'),
    hash: blobOf(stored, 'hash'),
    body: blobOf(stored, 'body'),
    personal: stored['parts'] === null ? null : blobOf(stored, 'parts'),
  };
}

function integerOf(row: StoredRow, column: string): number {
  const value = row[column];
  if (typeof value !== 'number')
    throw new EventLogError('damaged', `column ${column} does not hold a number`);
  return value;
}

export function blobOf(row: StoredRow, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array))
    throw new EventLogError('damaged', `column ${column} does not hold bytes`);
  return value;
}
