import { expect, test } from 'vitest';

import { MemoryLogStorage, openMemoryEventLog } from '#src/adapters/memory/memory-event-log.ts';
import { openAnchoredLog } from '#src/journal/open-anchored-log.ts';
import type { Anchor } from '#src/ports/anchors.ts';
import type { EventLog } from '#src/ports/event-log.ts';
import { appendRow, appendRows, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';

function openWith(storage: MemoryLogStorage, newest: Anchor | null): Promise<EventLog> {
  return openAnchoredLog(openMemoryEventLog(storage), { newest })(TEST_IDENTITY);
}

async function anchoredStorage() {
  const storage = new MemoryLogStorage();
  const log = await openMemoryEventLog(storage)(TEST_IDENTITY);
  await appendRows(log, 2);
  const { position, hash } = await appendRow(log);
  return { storage, newest: { position, hash, timeMs: 0 } };
}

test('a log that has gone on since its newest anchor opens', async () => {
  const { storage, newest } = await anchoredStorage();
  await appendRow(await openWith(storage, newest));
  expect(await (await openWith(storage, newest)).head()).toMatchObject({ position: 4 });
});

test('a log without anchors opens', async () => {
  expect(await (await openWith(new MemoryLogStorage(), null)).head()).toMatchObject({ position: 0 });
});

test('a log whose tail is gone is not written to', async () => {
  const { storage, newest } = await anchoredStorage();
  storage.rows.pop();
  const opening = openWith(storage, newest);
  await expect(opening).rejects.toMatchObject({ fault: 'damaged', retryable: false });
  await expect(opening).rejects.toThrow('the log ends at row 2, but reached 3');
});

test('another log in its place is not written to', async () => {
  const { newest } = await anchoredStorage();
  const other = new MemoryLogStorage();
  await appendRows(await openMemoryEventLog(other)(TEST_IDENTITY), 5, 33);
  await expect(openWith(other, newest)).rejects.toThrow('row 3 is not the one');
});
