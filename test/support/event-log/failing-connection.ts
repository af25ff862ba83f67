/**
 * A writing connection whose commits fail on request, for the contract that every log keeps. It stands in for
 * the device; what real failing devices do to SQLite is tested with `test/support/faults/fail-io.c`.
 */
import { connectWriter } from '#src/adapters/sqlite/log-connection.ts';

const SQLITE_IOERR = 10;
const SQLITE_FULL = 13;

export interface CommitFaults {
  /** The next commit reports an error, and has happened or has not. */
  next: 'lost' | 'kept' | null;
  /** Every commit fails for want of space. */
  full: boolean;
}

export function connectWithFaults(faults: CommitFaults): typeof connectWriter {
  return function connect(path, identityIfNew) {
    const database = connectWriter(path, identityIfNew);
    const execute = database.exec.bind(database);
    database.exec = (sql) => {
      const fault = faults.full ? 'lost' : faults.next;
      if (sql !== 'COMMIT' || fault === null) return execute(sql);
      faults.next = null;
      execute(fault === 'kept' ? 'COMMIT' : 'ROLLBACK');
      const errcode = faults.full ? SQLITE_FULL : SQLITE_IOERR;
      throw Object.assign(new Error('the device reported an error'), { errcode });
    };
    return database;
  };
}
