/** What is left of the log when a crash has torn its journal, or a byte of the journal is not what it was. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { verifyChain } from '#src/journal/verify-chain.ts';
import type { EventLog, LogRow } from '#src/ports/event-log.ts';
import { withByteFlipped } from '#test/support/event-log/flipped-copies.ts';
import { appendRow, appendRows, readAll, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { makeFolderInMemory, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const ROWS = 20;
let folder: TemporaryFolder;
let journal: Uint8Array;
let rows: readonly LogRow[];
/** Size of the journal once each row was acknowledged: what a crash right then leaves at least. */
const journalSizes: number[] = [];

beforeAll(async () => {
  folder = await makeFolderInMemory();
  const path = join(folder.path, 'log.db');
  const log = await openSqliteEventLog({ path })(TEST_IDENTITY);
  const appended: LogRow[] = [];
  for (let index = 0; index < ROWS; index++) {
    appended.push(...(await appendRows(log, 1, 1_500)));
    journalSizes.push((await readFile(`${path}-wal`)).length);
  }
  rows = appended;
  await mkdir(join(folder.path, 'killed'));
  await copyFile(path, join(folder.path, 'killed', 'log.db'));
  journal = await readFile(`${path}-wal`);
  await log.close();
});

afterAll(() => folder.remove());

let copies = 0;

/** The log as a process finds it that starts after the crash. */
async function openWithJournal(bytes: Uint8Array): Promise<EventLog> {
  copies += 1;
  const home = join(folder.path, `copy-${copies}`);
  await mkdir(home);
  await copyFile(join(folder.path, 'killed', 'log.db'), join(home, 'log.db'));
  await writeFile(join(home, 'log.db-wal'), bytes);
  return openSqliteEventLog({ path: join(home, 'log.db') })(TEST_IDENTITY);
}

/** Opens, checks that what is there is a whole prefix, and that the log goes on. @returns the prefix's length */
async function survivingRows(bytes: Uint8Array): Promise<number> {
  const log = await openWithJournal(bytes);
  const survived = await readAll(log);
  expect(survived).toEqual(rows.slice(0, survived.length));
  await appendRow(log);
  const { problems } = await verifyChain({ openLog: async () => log });
  expect(problems).toEqual([]);
  return survived.length;
}

test('a journal as it was acknowledged has every row', async () => {
  expect(await survivingRows(journal)).toBe(ROWS);
});

test('a journal that was torn anywhere keeps every row that was acknowledged before the tear', async () => {
  for (let length = 0; length <= journal.length; length += 1_361) {
    const acknowledged = journalSizes.filter((size) => size <= length).length;
    expect(await survivingRows(journal.subarray(0, length))).toBeGreaterThanOrEqual(acknowledged);
  }
});

test('a journal whose last pages are zeros or those of another write keeps the rows before them', async () => {
  for (let length = 0; length < journal.length; length += 9_391) {
    const zeroed = Uint8Array.from(journal).fill(0, length);
    const repeated = Uint8Array.from(journal).fill(0x5a, length, length + 512);
    const acknowledged = journalSizes.filter((size) => size <= length).length;
    expect(await survivingRows(zeroed)).toBeGreaterThanOrEqual(acknowledged);
    expect(await survivingRows(repeated)).toBeGreaterThanOrEqual(acknowledged);
  }
});

test('a journal with a flipped byte keeps the rows before it, and an anchor tells that later ones are gone', async () => {
  const [newest] = rows.slice(-1);
  async function* anchors() {
    if (newest !== undefined) yield { ...newest, timeMs: 0 };
  }
  for (let offset = 0; offset < journal.length; offset += 4_001) {
    const log = await openWithJournal(withByteFlipped(journal, offset));
    const survived = await readAll(log);
    expect(survived).toEqual(rows.slice(0, survived.length));
    expect(survived.length).toBeGreaterThanOrEqual(journalSizes.filter((size) => size <= offset).length);
    const { problems } = await verifyChain({ openLog: async () => log, anchors: anchors() });
    expect(problems.map(({ fault }) => fault)).toEqual(survived.length === ROWS ? [] : ['missing']);
  }
});
