import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLogStorage, openMemoryEventLog } from '#src/adapters/memory/memory-event-log.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { openSqliteLogMirror } from '#src/adapters/sqlite/sqlite-log-mirror.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import type { LogMirror } from '#src/ports/log-mirror.ts';
import { appendRows, bytesOf, readAll, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const INPUTS = { rows: '9007199254740993', personal: '4' };

async function sourceRows(count: number): Promise<readonly LogRow[]> {
  return appendRows(await openMemoryEventLog(new MemoryLogStorage())(TEST_IDENTITY), count);
}

function personalOf(rows: readonly LogRow[]) {
  return rows.map(({ position, personal }) => ({ position, parts: personal ?? new Uint8Array() }));
}

describe('a mirror of a log', () => {
  let folder: TemporaryFolder;
  let path: string;
  const opened: LogMirror[] = [];
  const open = (identity = TEST_IDENTITY) => {
    const mirror = openSqliteLogMirror(path, identity);
    opened.push(mirror);
    return mirror;
  };
  beforeEach(async () => {
    folder = await makeTemporaryFolder();
    path = join(folder.path, 'mirror.db');
  });
  afterEach(async () => {
    for (const mirror of opened.splice(0)) await mirror.close();
    await folder.remove();
  });

  it('gives what its source has, to anything that reads a log', async () => {
    const rows = await sourceRows(3);
    const mirror = open();
    mirror.take({ rows, personal: personalOf(rows), inputs: INPUTS });
    const reader = await openSqliteEventLogReader(path);
    expect(await readAll(reader)).toEqual(rows);
    expect(reader.identity).toEqual(TEST_IDENTITY);
    await reader.close();
  });

  it('goes on where it was after a restart', async () => {
    const rows = await sourceRows(3);
    const mirror = open();
    expect(mirror.inputs).toBeUndefined();
    mirror.take({ rows: rows.slice(0, 2), personal: [], inputs: INPUTS });
    await mirror.close();
    const again = open();
    expect(again.inputs).toEqual(INPUTS);
    expect((await again.head()).position).toBe(2);
    again.take({ rows: rows.slice(2), personal: personalOf(rows), inputs: INPUTS });
    expect(await readAll(again)).toEqual(rows);
  });

  it('keeps a personal part that came before its row, and knows one that was erased before it', async () => {
    const rows = await sourceRows(2);
    const mirror = open();
    const [first, second] = personalOf(rows);
    mirror.take({ rows: [], personal: first ? [first] : [], inputs: INPUTS });
    expect([mirror.hasPersonal(1), mirror.hasPersonal(2)]).toEqual([true, false]);
    mirror.take({
      rows: [],
      personal: [{ position: second?.position ?? 0, parts: new Uint8Array() }],
      inputs: INPUTS,
    });
    expect(mirror.hasPersonal(2)).toBe(true);
    mirror.take({ rows, personal: [], inputs: INPUTS });
    expect((await readAll(mirror)).map(({ personal }) => personal)).toEqual([first?.parts, null]);
  });

  it('forgets what is erased later', async () => {
    const rows = await sourceRows(1);
    const mirror = open();
    mirror.take({ rows, personal: personalOf(rows), inputs: INPUTS });
    mirror.take({ rows: [], personal: [{ position: 1, parts: bytesOf('the rest') }], inputs: INPUTS });
    expect((await readAll(mirror))[0]?.personal).toEqual(bytesOf('the rest'));
    mirror.take({ rows: [], personal: [{ position: 1, parts: new Uint8Array() }], inputs: INPUTS });
    expect((await readAll(mirror))[0]?.personal).toBeNull();
  });

  it('takes nothing of a batch whose rows do not continue it', async () => {
    const rows = await sourceRows(3);
    const mirror = open();
    expect(() =>
      mirror.take({ rows: [...rows.slice(0, 1), ...rows.slice(2)], personal: [], inputs: INPUTS }),
    ).toThrow('a row must follow the head');
    expect((await mirror.head()).position).toBe(0);
    expect(mirror.inputs).toBeUndefined();
  });

  it('is made again when it is damaged, or of another log', async () => {
    writeFileSync(path, 'SQLite format 3\0, or rather not'.repeat(400));
    const mirror = open();
    const rows = await sourceRows(1);
    mirror.take({ rows, personal: [], inputs: INPUTS });
    await mirror.close();
    expect((await open({ ledgerId: 'another', shard: 0 }).head()).position).toBe(0);
  });

  it('is not made where a log of its own stands', async () => {
    const log = await openSqliteEventLog({ path })(TEST_IDENTITY);
    await appendRows(log, 1);
    await log.close();
    expect(() => open({ ledgerId: 'another', shard: 0 })).toThrow('a log of its own');
    const reader = await openSqliteEventLogReader(path);
    expect((await reader.head()).position).toBe(1);
    await reader.close();
  });
});
