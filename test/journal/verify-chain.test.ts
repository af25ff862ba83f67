import { describe, expect, test } from 'vitest';

import { MemoryLogStorage, openMemoryEventLog } from '#src/adapters/memory/memory-event-log.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { verifyChain } from '#src/journal/verify-chain.ts';
import type { Anchor, MalformedAnchor } from '#src/ports/anchors.ts';
import { EventLogError } from '#src/ports/event-log-error.ts';
import type { EventLogReader, LogRow } from '#src/ports/event-log.ts';
import { EMPTY_HEAD } from '#src/ports/event-log.ts';
import { appendRows, bytesOf, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';

async function storageWithRows(count: number): Promise<MemoryLogStorage> {
  const storage = new MemoryLogStorage();
  await appendRows(await openMemoryEventLog(storage)(TEST_IDENTITY), count);
  return storage;
}

function rowAt(storage: MemoryLogStorage, position: number): LogRow {
  const row = storage.rows[position - 1];
  if (row === undefined) throw new Error(`no row ${position}`);
  return row;
}

function anchorOf({ position, hash }: LogRow): Anchor {
  return { position, hash, timeMs: Date.UTC(2026, 10, 24) };
}

async function* anchorsOf(
  ...anchors: (Anchor | MalformedAnchor)[]
): AsyncGenerator<Anchor | MalformedAnchor> {
  yield* anchors;
}

async function verify(storage: MemoryLogStorage, ...anchors: (Anchor | MalformedAnchor)[]) {
  const report = await verifyChain({
    openLog: () => openMemoryEventLog(storage)(TEST_IDENTITY),
    anchors: anchorsOf(...anchors),
  });
  return { ...report, found: report.problems.map(({ position, fault }) => `${position} ${fault}`) };
}

describe('the chain of a log', () => {
  test('an empty log verifies', async () => {
    expect(await verify(new MemoryLogStorage())).toMatchObject({ rows: 0, head: EMPTY_HEAD, problems: [] });
  });

  test('a log as it was written verifies up to its head', async () => {
    const storage = await storageWithRows(600);
    const { hash } = rowAt(storage, 600);
    expect(await verify(storage)).toMatchObject({ rows: 600, head: { position: 600, hash }, problems: [] });
  });

  test('a changed body is found at its position', async () => {
    const storage = await storageWithRows(5);
    storage.rows[2] = { ...rowAt(storage, 3), body: bytesOf('other facts') };
    expect((await verify(storage)).found).toEqual(['3 changed']);
  });

  test('a row that was changed and hashed again is found at the next one', async () => {
    const storage = await storageWithRows(5);
    storage.rows[2] = sealRow({
      identity: TEST_IDENTITY,
      head: rowAt(storage, 2),
      body: bytesOf('other'),
      personal: null,
    });
    expect((await verify(storage)).found).toEqual(['4 unlinked']);
  });

  test('two swapped rows are found', async () => {
    const storage = await storageWithRows(5);
    [storage.rows[1], storage.rows[2]] = [
      { ...rowAt(storage, 3), position: 2 },
      { ...rowAt(storage, 2), position: 3 },
    ];
    expect((await verify(storage)).found).toContain('2 changed');
  });

  test('a row that was taken out is found as missing', async () => {
    const storage = await storageWithRows(5);
    storage.rows.splice(1, 1);
    expect((await verify(storage)).found[0]).toBe('2 missing');
  });

  test('the rows of another ledger do not verify', async () => {
    const storage = await storageWithRows(2);
    storage.identity = { ledgerId: 'another-ledger', shard: 0 };
    expect((await verify(storage)).found).toEqual(['1 changed', '2 changed']);
  });

  test('an erased personal part leaves the chain as it was', async () => {
    const storage = await storageWithRows(3);
    const log = await openMemoryEventLog(storage)(TEST_IDENTITY);
    await log.erasePersonal([1, 2, 3], () => null);
    expect((await verify(storage)).problems).toEqual([]);
  });

  test('what the caller finds in a row is reported at its position', async () => {
    const storage = await storageWithRows(3);
    const report = await verifyChain({
      openLog: () => openMemoryEventLog(storage)(TEST_IDENTITY),
      inspectRow: (row) => (row.position === 2 ? ['entries do not balance'] : []),
    });
    expect(report.problems).toEqual([{ position: 2, fault: 'content', detail: 'entries do not balance' }]);
  });

  test('a report ends at a hundred problems', async () => {
    const storage = await storageWithRows(300);
    storage.rows.forEach((row, index) => (storage.rows[index] = { ...row, body: bytesOf('x') }));
    expect((await verify(storage)).problems).toHaveLength(100);
  });
});

describe('a log that cannot be read everywhere', () => {
  async function verifyUnreadable(unreadable: (from: number, to: number) => boolean) {
    const log = await openMemoryEventLog(await storageWithRows(10))(TEST_IDENTITY);
    const damaged: EventLogReader = {
      identity: log.identity,
      head: () => log.head(),
      close: () => log.close(),
      async read({ from, maxRows = 4 }) {
        if (unreadable(from, from + maxRows - 1)) throw new EventLogError('damaged', 'malformed');
        return log.read({ from, maxRows });
      },
    };
    return verifyChain({ openLog: async () => damaged });
  }

  test('names the one row that cannot be read, and verifies all others', async () => {
    const report = await verifyUnreadable((from, to) => from <= 6 && to >= 6);
    expect(report.problems).toEqual([{ position: 6, fault: 'unreadable', detail: 'malformed' }]);
    expect(report.rows).toBe(9);
  });

  test('a log that cannot be opened for its damage is reported, not thrown', async () => {
    const openLog = () => Promise.reject(new EventLogError('damaged', 'not a database'));
    const report = await verifyChain({ openLog });
    expect(report.problems).toEqual([{ position: 1, fault: 'unreadable', detail: 'not a database' }]);
  });

  test('a log that is not there is an error and no finding', async () => {
    const openLog = () => Promise.reject(new EventLogError('absent', 'no log'));
    await expect(verifyChain({ openLog })).rejects.toThrow('no log');
  });
});

describe('anchored heads', () => {
  test('heads that were kept of this very log verify', async () => {
    const storage = await storageWithRows(5);
    const anchors = [1, 3, 3, 5].map((position) => anchorOf(rowAt(storage, position)));
    expect((await verify(storage, ...anchors)).problems).toEqual([]);
  });

  test('a tail that was cut off is found', async () => {
    const storage = await storageWithRows(5);
    const newest = anchorOf(rowAt(storage, 5));
    storage.rows.length = 3;
    expect((await verify(storage)).problems).toEqual([]);
    expect((await verify(storage, newest)).found).toEqual(['4 missing']);
  });

  test('a log that was emptied is found', async () => {
    const storage = await storageWithRows(2);
    const newest = anchorOf(rowAt(storage, 2));
    storage.rows.length = 0;
    expect((await verify(storage, newest)).found).toEqual(['1 missing']);
  });

  test('a history that was written anew is found', async () => {
    const kept = anchorOf(rowAt(await storageWithRows(4), 2));
    const other = new MemoryLogStorage();
    await appendRows(await openMemoryEventLog(other)(TEST_IDENTITY), 4, 90);
    expect((await verify(other)).problems).toEqual([]);
    expect((await verify(other, kept)).found).toEqual(['2 anchor']);
  });

  test('an anchor file that goes back, or holds something else, is a problem of its own', async () => {
    const storage = await storageWithRows(3);
    const anchors = [anchorOf(rowAt(storage, 3)), anchorOf(rowAt(storage, 1)), { malformed: 'scribble' }];
    expect((await verify(storage, ...anchors)).found).toEqual(['1 anchor', '3 anchor']);
  });
});
