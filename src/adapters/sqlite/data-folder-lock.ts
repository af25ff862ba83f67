/**
 * Holds a data folder for one writer: an SQLite file of its own under an exclusive transaction. The operating
 * system drops its locks when the process ends in any way, so nobody has to judge whether a lock is stale; the
 * process id beside it is only for the message.
 *
 * It is a file of its own because an exclusive lock on the log would shut its readers out.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { faultOf, namingFaults } from '#src/adapters/sqlite/sqlite-fault.ts';
import { DataFolderLocked, type DataFolderLock } from '#src/ports/data-folder-lock.ts';

const LOCK_FILE = 'lock.db';
const HOLDER_FILE = 'lock.pid';

/**
 * @throws DataFolderLocked if another process, or another part of this one, holds the folder
 * @throws EventLogError if the folder cannot be written
 */
export function acquireDataFolderLock(folder: string): DataFolderLock {
  const database = namingFaults(
    `${folder} cannot be locked`,
    () => new DatabaseSync(join(folder, LOCK_FILE), { timeout: 0 }),
  );
  try {
    namingFaults(`${folder} cannot be locked`, () => lockExclusively(database, folder));
    writeFileSync(join(folder, HOLDER_FILE), `${process.pid}\n`);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    release() {
      if (!database.isOpen) return;
      rmSync(join(folder, HOLDER_FILE), { force: true });
      database.close();
    },
  };
}

function lockExclusively(database: DatabaseSync, folder: string): void {
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    if (faultOf(error) !== 'busy') throw error;
    throw new DataFolderLocked(folder, readHolderPid(folder));
  }
}

function readHolderPid(folder: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(folder, HOLDER_FILE), 'utf8'), 10);
    return Number.isNaN(pid) ? null : pid;
  } catch {
    return null;
  }
}
