/** A data folder on disk as a server leaves it: a log with payments, and its read models. */
import { join } from 'node:path';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { at, FlowLog, minute } from '#test/support/flow-log.ts';
import { payOf } from '#test/support/flow-setup.ts';
import { projectedLedger } from '#test/support/projected-ledger.ts';
import { makeTemporaryFolder } from '#test/support/temporary-folder.ts';

export interface DataFolderOnDisk {
  readonly path: string;
  readonly ledger: FlowLog;
  /** The read models, which a server would have open. */
  readonly store: StateStore;
  /** Brings the read models to the head of the log. */
  follow(): Promise<void>;
  /** Closes what is open; the folder stays. */
  close(): Promise<void>;
  remove(): Promise<void>;
}

/** Ten payments in as many rows, from two cards in turn. */
export async function dataFolderOnDisk(): Promise<DataFolderOnDisk> {
  const folder = await makeTemporaryFolder();
  const log = await openSqliteEventLog({ path: join(folder.path, 'log.db') })(TEST_IDENTITY);
  const ledger = FlowLog.on(log);
  for (let number = 0; number < 10; number++) {
    const personal = { cardId: `c_${number % 2}`, device: { id: 'd_1' } };
    await ledger.run(at(minute(number), payOf({ id: `pay_${number}` }, personal)));
  }
  const store = await openLevelDbStateStore(join(folder.path, 'projections'));
  const { follow } = await projectedLedger({ ledger, store });
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await store.close();
    await log.close();
  };
  return {
    path: folder.path,
    ledger,
    store,
    follow,
    close,
    async remove() {
      await close();
      await folder.remove();
    },
  };
}
