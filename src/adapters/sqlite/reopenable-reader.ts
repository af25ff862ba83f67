/**
 * A reader of the log that lives as long as its process. A connection that was open across a fault of
 * the device may keep pages and notes of a file that is not what it was; it is opened again then.
 */
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import type { EventLogReader } from '#src/ports/event-log.ts';

export interface ReopenableReader extends EventLogReader {
  /** Goes on with a new connection. @throws EventLogError when there is none; the old one stays then. */
  reopen(): Promise<void>;
}

/** @throws EventLogError if there is no log, or none that this version can read */
export async function openReopenableReader(path: string): Promise<ReopenableReader> {
  let current = await openSqliteEventLogReader(path);
  return {
    identity: current.identity,
    head: () => current.head(),
    read: (range) => current.read(range),
    async reopen() {
      const before = current;
      current = await openSqliteEventLogReader(path);
      await before.close();
    },
    close: () => current.close(),
  };
}
