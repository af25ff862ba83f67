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
    expect(once).toEqual([1, 2]);
    expect(await store.append([{ name: 'b2', records: records(4) }])).toEqual([3]);
    const [a, b] = await store.read([
      { name: 'a1', from: 0 },
      { name: 'b2', from: 1 },
    ]);
    expect([...(a ?? [])]).toEqual([...records(1)]);
    expect([...(b ?? [])]).toEqual([...records(3, 4)]);
    await store.close();
  });

  test('a log that is not there and the end of one are empty', async () => {
    const store = await open();
    await store.append([{ name: 'a1', records: records(1) }]);
    const reads = ['nobody', 'a1'].map((name, from) => ({ name, from }));
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
