import { DatabaseSync } from 'node:sqlite';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatAnchorLine } from '#src/adapters/files/anchor-line.ts';
import { runVerify } from '#src/verify.ts';
import { dataFolderOnDisk, type DataFolderOnDisk } from '#test/support/data-folder-on-disk.ts';
import { at, minute } from '#test/support/flow-log.ts';

describe('verifying a data folder', () => {
  let folder: DataFolderOnDisk;
  beforeEach(async () => {
    folder = await dataFolderOnDisk();
  });
  afterEach(() => folder.remove());

  test('a whole one holds, beside what has it open, and is counted', async () => {
    const { hash } = await folder.ledger.log.head();
    expect(await runVerify({ dataFolder: folder.path })).toEqual({
      ok: true,
      events: folder.ledger.flow.records.flatMap(({ events }) => events).length,
      payments: 10,
      entries: 20,
      erased: 0,
      readModels: 9,
      head: Buffer.from(hash).toString('hex'),
      problems: [],
    });
  });

  test('a changed byte of a row is found at its position', async () => {
    await folder.close();
    changeLog(folder, "UPDATE log_row SET body = CAST(body || x'00' AS BLOB) WHERE position = 4");
    const { ok, problems } = await runVerify({ dataFolder: folder.path });
    expect(ok).toBe(false);
    expect(problems[0]).toMatchObject({ position: 4, fault: 'changed' });
  });

  test('a missing row is found', async () => {
    await folder.close();
    changeLog(folder, 'DELETE FROM log_row WHERE position = 4');
    expect((await runVerify({ dataFolder: folder.path })).problems[0]).toMatchObject({
      position: 4,
      fault: 'missing',
    });
  });

  test('a cut tail is found by the read models, and by an anchor', async () => {
    const { position, hash } = await folder.ledger.log.head();
    const anchorFile = join(folder.path, 'kept-elsewhere.log');
    await writeFile(anchorFile, formatAnchorLine({ position, hash, timeMs: minute(0) }));
    await folder.close();
    changeLog(folder, 'DELETE FROM log_row WHERE position > 4');
    expect((await runVerify({ dataFolder: folder.path })).problems).toMatchObject([{ fault: 'read models' }]);
    expect((await runVerify({ dataFolder: folder.path, anchorFile })).problems[0]).toMatchObject({
      position: 5,
    });
  });

  test("a cut tail is found by the folder's own anchors, without any read models", async () => {
    const { position, hash } = await folder.ledger.log.head();
    await writeFile(
      join(folder.path, 'anchors.log'),
      formatAnchorLine({ position, hash, timeMs: minute(0) }),
    );
    await folder.close();
    await rm(join(folder.path, 'projections'), { recursive: true });
    changeLog(folder, 'DELETE FROM log_row WHERE position > 4');
    expect((await runVerify({ dataFolder: folder.path })).problems[0]).toMatchObject({ position: 5 });
  });

  test('a personal part that is gone without an erasure is found', async () => {
    await folder.close();
    changeLog(folder, 'DELETE FROM log_personal WHERE position = 3');
    expect((await runVerify({ dataFolder: folder.path })).problems).toMatchObject([
      { position: 3, fault: 'personal' },
    ]);
  });

  test('one that was erased is counted, and everything holds', async () => {
    const { ledger } = folder;
    await ledger.log.erasePersonal([3], () => null);
    await ledger.run(
      at(minute(20), { type: 'RecordErasure', reason: 'asked', parts: [{ position: 3, record: 0 }] }),
    );
    await folder.follow();
    expect(await runVerify({ dataFolder: folder.path })).toMatchObject({ ok: true, erased: 1, problems: [] });
  });

  test('read models that say something else than the log are found', async () => {
    await folder.store.write({ puts: [{ key: 'account/customer:9', value: Uint8Array.of(1) }], deletes: [] });
    const { problems } = await runVerify({ dataFolder: folder.path });
    expect(problems).toMatchObject([
      { fault: 'read models', detail: 'the read models hold 28 rows, a replay 27' },
    ]);
  });

  test('read models of another version are not judged', async () => {
    await folder.store.write({
      puts: [{ key: 'meta/version', value: new TextEncoder().encode('0.0') }],
      deletes: [],
    });
    expect(await runVerify({ dataFolder: folder.path })).toMatchObject({ ok: true, readModels: 0 });
  });

  test('progress runs to the end', async () => {
    const shares: number[] = [];
    await runVerify({
      dataFolder: folder.path,
      onProgress: (step, share) => step === 'log' && shares.push(share),
    });
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  });
});

function changeLog({ path }: DataFolderOnDisk, sql: string): void {
  const database = new DatabaseSync(join(path, 'log.db'));
  database.exec(sql);
  database.close();
}
