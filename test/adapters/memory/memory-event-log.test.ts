import { MemoryLogStorage, openMemoryEventLog } from '#src/adapters/memory/memory-event-log.ts';
import { describeEventLog } from '#test/contract/event-log.ts';
import type { LogHome } from '#test/contract/event-log/log-homes.ts';
import { TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';

async function createMemoryHome(): Promise<LogHome> {
  const storage = new MemoryLogStorage();
  return {
    scrubsAtOnce: true,
    open: openMemoryEventLog(storage),
    openReader: () => openMemoryEventLog(storage)(TEST_IDENTITY),
    failNextCommit(outcome) {
      storage.nextCommitFault = outcome;
    },
    setFull(full) {
      storage.full = full;
    },
    async remove() {},
  };
}

describeEventLog('event log in memory', createMemoryHome);
