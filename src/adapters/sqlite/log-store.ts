/** What is written to the tables of the log: rows, and what remains of personal parts. */
import type { DatabaseSync } from 'node:sqlite';

import { blobOf } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import type { LogRow, PersonalTransform } from '#src/ports/event-log.ts';

export interface PersonalEdit {
  readonly position: number;
  readonly parts: Uint8Array | null;
}

export interface LogStore {
  insert(row: LogRow): void;
  /** `null` if the transform leaves the stored bytes as they are. */
  editOf(position: number, transform: PersonalTransform): PersonalEdit | null;
  apply(edit: PersonalEdit): void;
}

export function prepareLogStore(database: DatabaseSync): LogStore {
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
