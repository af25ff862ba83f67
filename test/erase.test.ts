import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { parseSubject, runErase } from '#src/erase.ts';
import { DataFolderLocked } from '#src/ports/data-folder-lock.ts';
import { ProjectionReader } from '#src/projections/projection-reader.ts';
import { Projection } from '#src/projections/projection.ts';
import { runReplay } from '#src/replay.ts';
import { runVerify } from '#src/verify.ts';
import { dataFolderOnDisk, type DataFolderOnDisk } from '#test/support/data-folder-on-disk.ts';
import { TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { FlowLog, minute } from '#test/support/flow-log.ts';
import { PAGE } from '#test/support/projected-ledger.ts';

describe('erasing what is known of one card', () => {
  let folder: DataFolderOnDisk;
  beforeEach(async () => {
    folder = await dataFolderOnDisk();
    await folder.close();
  });
  afterEach(() => folder.remove());

  function eraseCard(id: string) {
    return runErase({
      dataFolder: folder.path,
      subject: { kind: 'card', id },
      reason: 'asked',
      now: minute(30),
    });
  }

  test('five of ten payments lose their personal part, and everything still holds', async () => {
    const before = await runReplay({ dataFolder: folder.path });
    expect(await eraseCard('c_1')).toEqual({ parts: 5, scrubbed: true, standing: [] });
    expect(await runVerify({ dataFolder: folder.path })).toMatchObject({ ok: true, payments: 10, erased: 5 });
    const after = await runReplay({ dataFolder: folder.path });
    expect(after.events).toBe(before.events + 1);
  });

  test('no file of the log holds the card any more', async () => {
    await eraseCard('c_1');
    const bytes = await readFile(join(folder.path, 'log.db'), 'latin1');
    expect(bytes.includes('c_1')).toBe(false);
    expect(bytes.includes('c_0')).toBe(true);
  });

  test('the payments are found no more by what was erased', async () => {
    await eraseCard('c_1');
    expect(await paymentsFound({ card: 'c_1' })).toBe(0);
    expect(await paymentsFound({ device: 'd_1' })).toBe(5);
    expect(await paymentsFound({ account: 'customer:1' })).toBe(10);
  });

  test('the same again finds nothing more to erase', async () => {
    await eraseCard('c_1');
    expect(await eraseCard('c_1')).toMatchObject({ parts: 0, scrubbed: true });
  });

  test('one that ended after it was recorded is finished by the next', async () => {
    const log = await openSqliteEventLog({ path: join(folder.path, 'log.db') })(TEST_IDENTITY);
    const parts = [{ position: 2, record: 0 }];
    await FlowLog.on(log).append([
      {
        input: folder.ledger.flow.records.length + 1,
        shardTime: minute(25),
        actor: 'system',
        cause: 'RecordErasure',
        events: [{ type: 'PersonalDataErased', reason: 'asked', parts }],
      },
    ]);
    await log.close();
    expect(await runVerify({ dataFolder: folder.path })).toMatchObject({
      ok: false,
      problems: [{ position: 2 }],
    });
    expect(await eraseCard('c_nobody')).toMatchObject({ parts: 1 });
    expect(await runVerify({ dataFolder: folder.path })).toMatchObject({ ok: true, erased: 1 });
  });

  test('while another process writes in the folder nothing is done', async () => {
    const lock = acquireDataFolderLock(folder.path);
    await expect(eraseCard('c_1')).rejects.toThrow(DataFolderLocked);
    lock.release();
  });

  async function paymentsFound(search: {
    card?: string;
    device?: string;
    account?: string;
  }): Promise<number> {
    const log = await openSqliteEventLogReader(join(folder.path, 'log.db'));
    const store = await openLevelDbStateStore(join(folder.path, 'projections'));
    const projection = await Projection.open({ store, log, seedIfNew: { high: 0, low: 0 } });
    const reader = new ProjectionReader({ projection, log, waitMs: 0, after: () => () => undefined });
    await reader.advance((await log.head()).position);
    const { items } = await reader.queries().searchPayments({ ...PAGE, ...search });
    await Promise.all([store.close(), log.close()]);
    return items.length;
  }
});

describe('naming a subject', () => {
  test.for([
    ['card:c_1', { kind: 'card', id: 'c_1' }],
    ['account:customer:1', { kind: 'account', id: 'customer:1' }],
    ['ip:2001:DB8::1', { kind: 'ip', id: '2001:db8::1' }],
    ['ip:nowhere', undefined],
    ['person:somebody', undefined],
    ['card:', undefined],
  ] as const)('%s', ([text, subject]) => {
    expect(parseSubject(text)).toEqual(subject);
  });
});
