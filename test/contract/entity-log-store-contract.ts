/** What every store of shared entity logs does. */
import { expect, test } from 'vitest';
import { RECORD_BYTES, type EntityLogStore } from '#src/ports/entity-log-store.ts';

function records(...fills: readonly number[]): Uint8Array {
  return Uint8Array.from(fills.flatMap((fill) => Array.from({ length: RECORD_BYTES }, () => fill)));
}

const MARK = { epoch: 1, position: 7, head: 9, settledPosition: 2, time: 1_790_000_000_000, isWhole: true };

/** `open` gives an empty store. */
export function describeEntityLogStore(open: () => Promise<EntityLogStore>): void {
  test('a log grows by what is appended, each append in one piece, and says how long it is', async () => {
    const store = await open();
    const once = await store.append([
      { name: 'a1', records: records(1) },
      { name: 'b2', records: records(2, 3) },
    ]);
    expect(once).toEqual([48, 96]);
    expect(await store.append([{ name: 'b2', records: records(4) }])).toEqual([144]);
    const [a, b] = await store.read([
      { name: 'a1', from: 0 },
      { name: 'b2', from: 47 },
    ]);
    expect([...(a ?? [])]).toEqual([...records(1)]);
    expect([...(b ?? [])]).toEqual([2, ...records(3, 4)]);
    const [part] = await store.read([{ name: 'b2', from: 47, bytes: 3 }]);
    expect([...(part ?? [])]).toEqual([2, 3, 3]);
    await store.close();
  });

  test('a log that is not there and the end of one are empty', async () => {
    const store = await open();
    await store.append([{ name: 'a1', records: records(1) }]);
    const reads = ['nobody', 'a1'].map((name, log) => ({ name, from: log * RECORD_BYTES }));
    const logs = await store.read(reads);
    expect(logs.map(({ length }) => length)).toEqual([0, 0]);
    await store.close();
  });

  test('a payment id belongs to the shard that claimed it first, however often it is claimed', async () => {
    const store = await open();
    expect(await store.claim(['p1', 'p2'], 3)).toEqual([3, 3]);
    expect(await store.claim(['p2', 'p3'], 5)).toEqual([3, 5]);
    expect(await store.claim(['p2', 'p3'], 3)).toEqual([3, 5]);
    await store.close();
  });
  describeHeads(open);
  describeMarks(open);
}

function describeHeads(open: () => Promise<EntityLogStore>): void {
  test('a head is replaced where the log begins as it did, and what stands behind it stays', async () => {
    const store = await open();
    const becomes = Uint8Array.of(7, 7, 7, 7, 7);
    const was = records(1, 2);
    await store.append([{ name: 'a1', records: records(1, 2, 3) }]);
    expect(await store.replaceHead({ name: 'a1', was: records(1, 3), becomes })).toBe(false);
    expect(await store.replaceHead({ name: 'a1', was: records(1, 2, 3, 4), becomes })).toBe(false);
    expect(await store.replaceHead({ name: 'nobody', was, becomes })).toBe(false);
    expect(await store.replaceHead({ name: 'a1', was, becomes })).toBe(true);
    expect(await store.replaceHead({ name: 'a1', was, becomes })).toBe(false);
    expect(await store.append([{ name: 'a1', records: records(4) }])).toEqual([101]);
    const [log, nobody] = await store.read(['a1', 'nobody'].map((name) => ({ name, from: 0 })));
    expect([...(log ?? [])]).toEqual([...becomes, ...records(3, 4)]);
    expect(nobody?.length).toBe(0);
    await store.close();
  });

  test('of several who replace the same head one does, and no append of others is lost', async () => {
    const store = await open();
    const was = records(1);
    await store.append([{ name: 'a1', records: was }]);
    const outcomes = await Promise.all(
      [2, 3, 4, 5].map(async (fill) => {
        const replacing = store.replaceHead({ name: 'a1', was, becomes: Uint8Array.of(fill) });
        await store.append([{ name: 'a1', records: records(fill) }]);
        return replacing;
      }),
    );
    expect(outcomes.filter(Boolean).length).toBe(1);
    const [log] = await store.read([{ name: 'a1', from: 0 }]);
    expect(log?.length).toBe(1 + 4 * RECORD_BYTES);
    expect(log?.[0]).toBe(2 + outcomes.indexOf(true));
    await store.close();
  });
}

function describeMarks(open: () => Promise<EntityLogStore>): void {
  test('marks are kept by shard', async () => {
    const store = await open();
    await store.writeMark(0, MARK);
    await store.writeMark(1, { ...MARK, isWhole: false });
    await store.writeMark(0, { ...MARK, position: 8 });
    expect(await store.readMarks()).toEqual(
      new Map([
        [0, { ...MARK, position: 8 }],
        [1, { ...MARK, isWhole: false }],
      ]),
    );
    await store.close();
  });

  test('another epoch begins when it is asked for, and when the store is cleared', async () => {
    const store = await open();
    const epochs: number[] = [];
    const note = () => store.standing.type === 'ready' && epochs.push(store.standing.epoch);
    const cleared: number[] = [];
    note();
    await store.append([{ name: 'a1', records: records(1) }]);
    await store.renew();
    note();
    await store.writeMark(0, MARK);
    await store.clear((logs) => void cleared.push(logs));
    note();
    expect(epochs.toSorted((left, right) => left - right)).toEqual([...new Set(epochs)]);
    expect(epochs.length).toBe(3);
    expect(cleared.at(-1)).toBe(1);
    expect((await store.read([{ name: 'a1', from: 0 }]))[0]?.length).toBe(0);
    expect(await store.readMarks()).toEqual(new Map());
    await store.close();
  });
}
