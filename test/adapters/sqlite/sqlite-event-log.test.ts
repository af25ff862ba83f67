import { join } from 'node:path';

import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { describeEventLog } from '#test/contract/event-log.ts';
import type { LogHome } from '#test/contract/event-log/log-homes.ts';
import { connectWithFaults, type CommitFaults } from '#test/support/event-log/failing-connection.ts';
import { makeTemporaryFolder } from '#test/support/temporary-folder.ts';

async function createSqliteHome(): Promise<LogHome> {
  const folder = await makeTemporaryFolder();
  const path = join(folder.path, 'log.db');
  const faults: CommitFaults = { next: null, full: false };
  return {
    scrubsAtOnce: true,
    open: openSqliteEventLog({ path, connect: connectWithFaults(faults) }),
    openReader: () => openSqliteEventLogReader(path),
    failNextCommit(outcome) {
      faults.next = outcome;
    },
    setFull(full) {
      faults.full = full;
    },
    remove: () => folder.remove(),
  };
}

describeEventLog('event log in SQLite', createSqliteHome);
