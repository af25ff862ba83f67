/**
 * A log whose checkpoint thread meets a failing device while rows keep coming: enough of them for several
 * checkpoints. Prints what happened as JSON; to be run under `fail-io.c`.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { verifyChain } from '#src/journal/verify-chain.ts';
import { CommitOutcomeUnknown, type EventLogFault } from '#src/ports/event-log-error.ts';
import type { EventLog } from '#src/ports/event-log.ts';
import { TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { createFaultControl } from '#test/support/faults/fault-plan.ts';

export interface CheckpointRun {
  /** What the append reported that came after the failed checkpoint; `null` if none did. */
  readonly reported: EventLogFault | null;
  readonly rowsAcknowledged: number;
  readonly rowsVerified: number;
  readonly problems: number;
  /** Bytes that checkpoints had moved to the file of the log once the device worked again. */
  readonly bytesMoved: number;
}

const BODY = new Uint8Array(512 * 1_024).fill(7);
/** Far more than it takes; a run that ends there has failed. */
const MAX_ROWS = 2_000;

const [, , folder = '.'] = process.argv;
const control = createFaultControl(join(folder, 'control'));
const path = join(folder, 'log.db');
const open = openSqliteEventLog({ path });
let rowsAcknowledged = 0;

async function appendUntil(log: EventLog, isEnough: () => boolean): Promise<void> {
  while (!isEnough() && rowsAcknowledged < MAX_ROWS) {
    await log.append(sealRow({ identity: log.identity, head: await log.head(), body: BODY, personal: null }));
    rowsAcknowledged += 1;
  }
}

async function faultOfAppending(log: EventLog): Promise<EventLogFault | null> {
  try {
    await appendUntil(log, () => false);
    return null;
  } catch (error) {
    if (error instanceof CommitOutcomeUnknown) return error.fault;
    throw error;
  }
}

const failing = await open(TEST_IDENTITY);
control.arm({ operation: 'sync', file: 'log.db', error: 'EIO', mode: 'nothing', after: 0, count: -1 });
const reported = await faultOfAppending(failing);
await failing.close();
control.disarm();
const log = await open(TEST_IDENTITY);
const sizeBefore = statSync(path).size;
await appendUntil(log, () => statSync(path).size > sizeBefore + BODY.length * 8);
const bytesMoved = statSync(path).size - sizeBefore;
await log.close();
const report = await verifyChain({ openLog: () => openSqliteEventLogReader(path) });
const run: CheckpointRun = {
  reported,
  rowsAcknowledged,
  rowsVerified: report.rows,
  problems: report.problems.length,
  bytesMoved,
};
console.log(JSON.stringify(run));
