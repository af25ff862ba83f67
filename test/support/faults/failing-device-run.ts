/**
 * One log on a device that fails at a planned call: rows are appended, and after each unknown outcome the log
 * is opened again, from its own files or from a copy of them as a killed process leaves them. Says what was
 * broken of what the log promises.
 */
import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { verifyChain } from '#src/journal/verify-chain.ts';
import { CommitOutcomeUnknown, EventLogError } from '#src/ports/event-log-error.ts';
import type { EventLog, LogRow } from '#src/ports/event-log.ts';
import { bytesOf, readAll, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import type { FaultControl, FaultPlan } from '#test/support/faults/fault-plan.ts';

export type Restart = 'close' | 'kill';

export interface DeviceRun {
  /** What the log promises and did not keep. */
  readonly violations: readonly string[];
  /** For each append with an unknown outcome, whether its row was there afterwards. */
  readonly outcomes: readonly ('lost' | 'kept')[];
  /** Openings that failed while the device did. */
  readonly failedOpenings: number;
}

export interface DeviceRunOptions {
  readonly folder: string;
  readonly control: FaultControl;
  readonly plan: FaultPlan;
  readonly restart: Restart;
}

const ROWS_BEFORE = 2;
/** On each side of a restart that meets the failing device too. */
const ROWS_DURING = 3;
const ROWS_AFTER = 2;

export async function runOnFailingDevice(options: DeviceRunOptions): Promise<DeviceRun> {
  const run = new LogOnDevice(options);
  await run.appendMany(ROWS_BEFORE);
  options.control.arm(options.plan);
  await run.appendMany(ROWS_DURING);
  await run.restart();
  await run.appendMany(ROWS_DURING);
  options.control.disarm();
  await run.appendMany(ROWS_AFTER);
  return run.finish();
}

class LogOnDevice {
  readonly #control: FaultControl;
  readonly #restart: Restart;
  readonly #acknowledged: LogRow[] = [];
  readonly #violations: string[] = [];
  readonly #outcomes: ('lost' | 'kept')[] = [];
  #failedOpenings = 0;
  #restarts = 0;
  #home: string;
  #log: EventLog | null = null;

  constructor({ folder, control, restart }: DeviceRunOptions) {
    this.#home = folder;
    this.#control = control;
    this.#restart = restart;
  }

  async appendMany(count: number): Promise<void> {
    for (let index = 0; index < count; index++) await this.#append();
  }

  async restart(): Promise<void> {
    this.#expectRows(await this.#openAnew(), 'after a restart');
  }

  async finish(): Promise<DeviceRun> {
    await this.#log?.close();
    const path = join(this.#home, 'log.db');
    const { problems } = await verifyChain({ openLog: () => openSqliteEventLogReader(path) });
    this.#violations.push(...problems.map(({ position, detail }) => `verify at ${position}: ${detail}`));
    const reopened = await openLog(this.#home);
    this.#expectRows(await readAll(reopened), 'at the end');
    await reopened.close();
    return {
      violations: this.#violations,
      outcomes: this.#outcomes,
      failedOpenings: this.#failedOpenings,
    };
  }

  async #append(): Promise<void> {
    this.#log ??= await this.#open();
    const text = `body ${this.#acknowledged.length + 1}/${this.#outcomes.length} `;
    const parts = { body: bytesOf(text.padEnd(6_000, 'b')), personal: bytesOf('p'.repeat(600)) };
    const row = sealRow({ identity: this.#log.identity, head: await this.#log.head(), ...parts });
    try {
      await this.#log.append(row);
      this.#acknowledged.push(row);
    } catch (error) {
      if (!(error instanceof CommitOutcomeUnknown)) this.#violations.push(`append: ${String(error)}`);
      await this.#readBack(row);
    }
  }

  /** The row whose append failed may be there or not; nothing else may differ. */
  async #readBack(unsure: LogRow): Promise<void> {
    const rows = await this.#openAnew();
    const isKept = rows.length === this.#acknowledged.length + 1;
    this.#outcomes.push(isKept ? 'kept' : 'lost');
    if (isKept) this.#acknowledged.push(unsure);
    this.#expectRows(rows, 'after an unknown outcome');
  }

  async #openAnew(): Promise<readonly LogRow[]> {
    this.#restarts += 1;
    if (this.#restart === 'kill') this.#home = copyAsKilled(this.#home, this.#restarts);
    await this.#log?.close();
    this.#log = await this.#open();
    return readAll(this.#log);
  }

  /** Tries with the failing device first, then with one that works. */
  async #open(): Promise<EventLog> {
    try {
      return await openLog(this.#home);
    } catch (error) {
      const isRetryable = error instanceof EventLogError && error.retryable;
      if (!isRetryable) this.#violations.push(`opening: ${String(error)}`);
      this.#failedOpenings += 1;
      this.#control.disarm();
      return openLog(this.#home);
    }
  }

  #expectRows(rows: readonly LogRow[], when: string): void {
    const hashesOf = (some: readonly LogRow[]) =>
      some.map(({ hash }) => Buffer.from(hash).toString('hex')).join();
    if (hashesOf(rows) === hashesOf(this.#acknowledged)) return;
    this.#violations.push(`${when}: ${rows.length} rows, ${this.#acknowledged.length} acknowledged`);
  }
}

function openLog(home: string): Promise<EventLog> {
  return openSqliteEventLog({ path: join(home, 'log.db') })(TEST_IDENTITY);
}

/** The files as they stand while the log is open. Copying drops this process's locks, and nobody else is there. */
function copyAsKilled(home: string, restarts: number): string {
  const target = join(home, `killed-${restarts}`);
  mkdirSync(target);
  for (const name of ['log.db', 'log.db-wal']) {
    const source = join(home, name);
    if (!existsSync(source)) continue;
    // Under another name first, because the planned fault would meet the copy too.
    copyFileSync(source, join(target, 'copy'));
    renameSync(join(target, 'copy'), join(target, name));
  }
  return target;
}
