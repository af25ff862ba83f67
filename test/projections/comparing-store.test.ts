import { expect, test } from 'vitest';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import { ComparingStore } from '#src/projections/comparing-store.ts';

type Rows = Readonly<Record<string, number>>;

function putsOf(rows: Rows) {
  return Object.entries(rows).map(([key, value]) => ({ key, value: Uint8Array.of(value) }));
}

async function comparedWith(stored: Rows): Promise<ComparingStore> {
  const other = createMemoryStateStore();
  await other.write({ puts: putsOf(stored), deletes: [] });
  return new ComparingStore(other);
}

test('rows that end as they are stored do not differ, however they stood on the way there', async () => {
  const replay = await comparedWith({ 'account/a': 2, 'payment/p': 2 });
  await replay.write({ puts: putsOf({ 'account/a': 1, 'payment/p': 1, gone: 1 }), deletes: [] });
  await replay.write({ puts: putsOf({ 'account/a': 2, 'payment/p': 2 }), deletes: ['gone'] });
  expect([...replay.differing()]).toEqual([]);
});

test('rows that end otherwise, are not stored, or are gone in the replay, differ', async () => {
  const replay = await comparedWith({ 'account/a': 2, 'payment/p': 2, stays: 1 });
  const puts = putsOf({ 'account/a': 3, 'account/b': 1, 'payment/p': 3, 'payment/q': 1 });
  await replay.write({ puts, deletes: ['stays'] });
  expect([...replay.differing()].toSorted()).toEqual([
    'account/a',
    'account/b',
    'payment/p',
    'payment/q',
    'stays',
  ]);
});

test('a row that is kept does not change with the memory that it was handed over in', async () => {
  const replay = await comparedWith({});
  const shared = Uint8Array.of(1, 2, 3);
  await replay.write({ puts: [{ key: 'payment/p', value: shared.subarray(0, 2) }], deletes: [] });
  shared.fill(9);
  expect(replay.get('payment/p')).toEqual(Uint8Array.of(1, 2));
});
