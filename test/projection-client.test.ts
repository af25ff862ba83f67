import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { createLogger } from '#src/observability/logger.ts';
import type { EventLog } from '#src/ports/event-log.ts';
import { CursorInvalidError, ProjectionBehindError } from '#src/ports/ledger-queries.ts';
import { startProjections, type RunningProjections } from '#src/projection-client.ts';
import { TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { at, FlowLog, minute } from '#test/support/flow-log.ts';
import { payOf } from '#test/support/flow-setup.ts';
import { NOW, PAGE } from '#test/support/projected-ledger.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const SILENT = createLogger('silent');

describe('read models on their own thread', () => {
  let folder: TemporaryFolder;
  let log: EventLog;
  let ledger: FlowLog;
  let projections: RunningProjections;

  beforeEach(async () => {
    folder = await makeTemporaryFolder();
    log = await openSqliteEventLog({ path: join(folder.path, 'log.db') })(TEST_IDENTITY);
    ledger = FlowLog.on(log);
    await ledger.run(at(minute(0), payOf({ id: 'before' })));
    projections = await startProjections(filesIn(folder), SILENT);
  });

  afterEach(async () => {
    await projections.stop();
    await log.close();
    await folder.remove();
  });

  function filesIn({ path }: TemporaryFolder) {
    return { log: join(path, 'log.db'), projections: join(path, 'projections') };
  }

  test('they have come up with the log when they are ready', async () => {
    expect(projections.queries.position()).toBe(1);
    const payment = await projections.queries.payment('before', NOW);
    expect(payment).toMatchObject({ status: 'posted' });
    expect(payment?.details?.vector).toBeInstanceOf(Float32Array);
    expect((await projections.queries.account('customer:1', NOW))?.posted).toBe(-5_000n);
  });

  test('who wrote reads what was written', async () => {
    await ledger.run(at(minute(1), payOf({ id: 'after' })));
    const { position } = await log.head();
    const reading = projections.queries.payment('after', { seen: [position] });
    projections.notify(position);
    expect((await reading)?.facts.id).toBe('after');
    expect(projections.lag()).toBe(0);
  });

  test('heads that follow each other closely are all reached, though nobody reads', async () => {
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    projections.queries.onPosition((position) => position === 4 && resolve());
    for (const step of [1, 2, 3]) {
      await ledger.run(at(minute(step), payOf({ id: `after${step}` })));
      projections.notify((await log.head()).position);
    }
    await reached;
    expect(projections.lag()).toBe(0);
  });

  test('once they have stopped a read is told to come back', async () => {
    const files = { ...filesIn(folder), projections: join(folder.path, 'other') };
    const stopped = await startProjections(files, SILENT);
    await stopped.stop();
    await expect(stopped.queries.payment('before', NOW)).rejects.toBeInstanceOf(ProjectionBehindError);
  });

  test('a damaged store is removed and built again', async () => {
    const files = { ...filesIn(folder), projections: join(folder.path, 'damaged') };
    await (await startProjections(files, SILENT)).stop();
    await writeFile(join(files.projections, 'CURRENT'), 'x');
    const built = await startProjections(files, SILENT);
    expect((await built.queries.payment('before', NOW))?.status).toBe('posted');
    await built.stop();
  });

  test('they go on after the log was opened again', async () => {
    projections.reopenLog();
    await ledger.run(at(minute(1), payOf({ id: 'after' })));
    const { position } = await log.head();
    projections.notify(position);
    expect((await projections.queries.payment('after', { seen: [position] }))?.facts.id).toBe('after');
  });

  test('an error keeps its class', async () => {
    const search = projections.queries.searchPayments({ ...PAGE, after: 'x' });
    await expect(search).rejects.toBeInstanceOf(CursorInvalidError);
  });
});
