/** Copies a mirror while its owner writes it: the copy is the mirror of one moment. */
import { existsSync } from 'node:fs';
import { backup } from 'node:sqlite';
import { connectReader } from '#src/adapters/sqlite/log-connection.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';

/** @returns the last row's position in the copy; undefined where there is no mirror. */
export async function copyLogMirror(path: string, target: string): Promise<number | undefined> {
  if (!existsSync(path)) return undefined;
  const database = connectReader(path);
  try {
    await backup(database, target);
  } finally {
    database.close();
  }
  const copy = await openSqliteEventLogReader(target);
  const { position } = await copy.head();
  await copy.close();
  return position;
}
