import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { openAnchorFile, readAnchorFile } from '#src/adapters/files/anchor-file.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const START_MS = Date.UTC(2026, 10, 24, 10);
let folder: TemporaryFolder;
let path: string;

beforeEach(async () => {
  folder = await makeTemporaryFolder();
  path = join(folder.path, 'anchors.log');
});

afterEach(() => folder.remove());

function headAt(position: number) {
  return { position, hash: new Uint8Array(32).fill(position & 0xff) };
}

async function positionsIn(file: string): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const line of readAnchorFile(file))
    found.push('malformed' in line ? line.malformed : line.position);
  return found;
}

test('a head is kept as position, hash and time on one line', async () => {
  const anchors = await openAnchorFile({ path });
  anchors.note(headAt(1), START_MS);
  await anchors.close();
  expect(await readFile(path, 'utf8')).toBe(`1 ${'01'.repeat(32)} 2026-11-24T10:00:00.000Z\n`);
});

test('of the heads in a short time only the first and, on close, the last are kept', async () => {
  const anchors = await openAnchorFile({ path });
  for (let position = 1; position <= 500; position++) anchors.note(headAt(position), START_MS + position);
  await anchors.close();
  expect(await positionsIn(path)).toEqual([1, 500]);
});

test.each([
  ['ten seconds', { position: 2, timeMs: START_MS + 10_000 }],
  ['ten thousand rows', { position: 10_001, timeMs: START_MS + 1 }],
])('after %s a head is kept without a close', async (_, due) => {
  const first = await openAnchorFile({ path });
  first.note(headAt(1), START_MS);
  await first.close();
  const anchors = await openAnchorFile({ path });
  anchors.note(headAt(due.position), due.timeMs);
  anchors.note(headAt(due.position + 1), due.timeMs);
  await anchors.close();
  expect(await positionsIn(path)).toEqual([1, due.position, due.position + 1]);
});

test('the newest anchor is known after a reopening, and is not written twice', async () => {
  const before = await openAnchorFile({ path });
  before.note(headAt(7), START_MS);
  await before.close();
  const anchors = await openAnchorFile({ path });
  expect(anchors.newest).toEqual({ ...headAt(7), timeMs: START_MS });
  anchors.note(headAt(7), START_MS + 1);
  await anchors.close();
  expect(await positionsIn(path)).toEqual([7]);
  expect(anchors.newest?.position).toBe(7);
});

test('a line that was torn by a crash is overwritten and never read', async () => {
  const before = await openAnchorFile({ path });
  before.note(headAt(3), START_MS);
  await before.close();
  await appendFile(path, '4 0404');
  expect(await positionsIn(path)).toEqual([3]);
  const anchors = await openAnchorFile({ path });
  expect(anchors.newest?.position).toBe(3);
  anchors.note(headAt(5), START_MS + 60_000);
  await anchors.close();
  expect(await positionsIn(path)).toEqual([3, 5]);
});

test('a line that is no anchor is given as what it is', async () => {
  await writeFile(path, 'nonsense\n');
  expect(await positionsIn(path)).toEqual(['nonsense']);
});
