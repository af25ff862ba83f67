/**
 * What `verify` makes of a log file in which bytes are not what they were. The judge is independent of the
 * chain: a damage matters exactly if reading the rows through SQLite gives something else than was written.
 */
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { verifyChain } from '#src/journal/verify-chain.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import { placesOf, withByteFlipped } from '#test/support/event-log/flipped-copies.ts';
import { appendRow, appendRows, bytesOf, readAll, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

/** A prime, so that flips meet every place of a page; 1 flips every byte of the file (some minutes). */
const FLIP_STRIDE = 293;

let folder: TemporaryFolder;
let original: Uint8Array;
let rows: readonly LogRow[];

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  const path = join(folder.path, 'original.db');
  const log = await openSqliteEventLog({ path })(TEST_IDENTITY);
  await appendRows(log, 30, 120);
  await appendRow(log, { body: bytesOf('L'.repeat(20_000)), personal: bytesOf('P'.repeat(9_000)) });
  await appendRows(log, 30, 700);
  rows = await readAll(log);
  await log.close();
  original = await readFile(path);
});

afterAll(() => folder.remove());

async function damagedCopy(bytes: Uint8Array): Promise<string> {
  const path = join(folder.path, 'damaged.db');
  await writeFile(path, bytes);
  return path;
}

/** What the chain covers, and whether that is still what was written. */
async function readsAsWritten(path: string): Promise<boolean> {
  try {
    const reader = await openSqliteEventLogReader(path);
    const read = await readAll(reader).catch(() => []);
    await reader.close();
    return read.length === rows.length && read.every((row, index) => isSameRow(row, rows[index]));
  } catch {
    return false;
  }
}

function isSameRow(row: LogRow, written: LogRow | undefined): boolean {
  if (written === undefined) return false;
  const sameBytes = (left: Uint8Array, right: Uint8Array) => Buffer.compare(left, right) === 0;
  return (
    row.position === written.position &&
    sameBytes(row.previousHash, written.previousHash) &&
    sameBytes(row.hash, written.hash) &&
    sameBytes(row.body, written.body) &&
    sameBytes(row.personal ?? bytesOf(''), written.personal ?? bytesOf(''))
  );
}

function personalAsWritten(row: LogRow): readonly string[] {
  const written = rows[row.position - 1];
  return written !== undefined && isSameRow({ ...written, personal: row.personal }, written)
    ? []
    : ['personal part changed'];
}

async function problemsOf(path: string): Promise<readonly string[]> {
  const openLog = () => openSqliteEventLogReader(path);
  const { problems, head } = await verifyChain({ openLog, inspectRow: personalAsWritten });
  const found = problems.map(({ position, fault }) => `${position} ${fault}`);
  return head.position < rows.length && found.length === 0 ? ['the head is not the anchored one'] : found;
}

describe('a byte of the log file that is not what it was', () => {
  test('the file as it was written verifies', async () => {
    expect(await problemsOf(await damagedCopy(original))).toEqual([]);
  });

  test('is found wherever it stands in the file, if any row reads differently', async () => {
    const missed: number[] = [];
    const falseAlarms: number[] = [];
    for (let offset = 0; offset < original.length; offset += FLIP_STRIDE) {
      const path = await damagedCopy(withByteFlipped(original, offset, 1 << (offset % 8)));
      const isFound = (await problemsOf(path)).length > 0;
      const asWritten = await readsAsWritten(path);
      if (!asWritten && !isFound) missed.push(offset);
      if (asWritten && isFound) falseAlarms.push(offset);
    }
    expect({ missed, falseAlarms }).toEqual({ missed: [], falseAlarms: [] });
  });

  test.each([
    ['body', (row: LogRow) => row.body],
    ['hash', (row: LogRow) => row.hash],
    ['previous hash', (row: LogRow) => row.previousHash],
    ['personal part', (row: LogRow) => row.personal ?? bytesOf('')],
  ])('is found in the %s of a row', async (_, partOf) => {
    const row = rows[9];
    expect(row).toBeDefined();
    const [at] = row === undefined ? [] : placesOf(original, partOf(row));
    expect(at).toBeDefined();
    const found = await problemsOf(await damagedCopy(withByteFlipped(original, (at ?? 0) + 5)));
    expect(found.some((problem) => /^(9|10|11) /.test(problem))).toBe(true);
  });
});

describe('a log file that was cut', () => {
  test('is found at every length', async () => {
    const path = await damagedCopy(original);
    const missed: number[] = [];
    for (let length = original.length - 1; length > 0; length -= 3_777) {
      await truncate(path, length);
      if ((await problemsOf(path)).length === 0) missed.push(length);
    }
    expect(missed).toEqual([]);
  });
});

describe('a file that is no log', () => {
  test('is refused with a message that says so', async () => {
    const path = await damagedCopy(bytesOf('just some text, and quite a lot of it '.repeat(40)));
    await expect(openSqliteEventLogReader(path)).rejects.toMatchObject({
      fault: 'damaged',
      retryable: false,
    });
    await expect(openSqliteEventLog({ path })(TEST_IDENTITY)).rejects.toMatchObject({ fault: 'damaged' });
  });

  test('a log of a later format is refused and not written to', async () => {
    const userVersionOffset = 60;
    const path = await damagedCopy(withByteFlipped(original, userVersionOffset + 3, 1 ^ 7));
    const opening = openSqliteEventLog({ path })(TEST_IDENTITY);
    await expect(opening).rejects.toMatchObject({
      fault: 'unknownFormat',
      message: 'log format 7; this version of Vouch knows 1',
    });
  });
});
