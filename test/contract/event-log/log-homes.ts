/** The places where the logs of a contract suite are kept, closed and removed after each test. */
import { afterEach } from 'vitest';

import type { EventLog, EventLogReader, LogIdentity } from '#src/ports/event-log.ts';
import { TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';

/** One place where a log is kept, which outlives the log's being open. */
export interface LogHome {
  /** Whether erased bytes are gone as soon as they are erased, and not only when the store cleans up. */
  readonly scrubsAtOnce: boolean;
  open(identityIfNew: LogIdentity): Promise<EventLog>;
  openReader(): Promise<EventLogReader>;
  /** The next commit fails: its row is `lost`, or `kept` although an error was reported. */
  failNextCommit(outcome: 'lost' | 'kept'): void;
  /** While full nothing can be written. */
  setFull(full: boolean): void;
  remove(): Promise<void>;
}

export interface LogHomes {
  newHome(): Promise<LogHome>;
  openAt(home: LogHome): Promise<EventLog>;
  readerAt(home: LogHome): Promise<EventLogReader>;
  closeLater(log: EventLogReader): void;
}

export function trackLogHomes(createHome: () => Promise<LogHome>): LogHomes {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  function closeLater(log: EventLogReader): void {
    cleanups.push(() => log.close());
  }

  return {
    closeLater,
    async newHome() {
      const home = await createHome();
      cleanups.push(() => home.remove());
      return home;
    },
    async openAt(home) {
      const log = await home.open(TEST_IDENTITY);
      closeLater(log);
      return log;
    },
    async readerAt(home) {
      const reader = await home.openReader();
      closeLater(reader);
      return reader;
    },
  };
}
