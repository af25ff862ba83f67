import { expect, test } from 'vitest';
import { MemoryEntityLogStore } from '#src/adapters/memory/memory-entity-log-store.ts';
import type { EntityLogStore } from '#src/ports/entity-log-store.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { tellRow } from '#test/support/tell-item.ts';
import { featureStream, type FeatureItem } from '#test/support/feature-stream.ts';
import { rated } from '#test/support/oracle/feature-oracle.ts';
import { seededRandom } from '#test/support/seeded-random.ts';
import {
  catchUpAll,
  isUnreadable,
  SHARED_STREAM,
  tellConcurrently,
} from '#test/support/shared-histories/concurrent-shards.ts';
import { recomputedVectorDifferences } from '#test/support/shared-histories/recomputed-vector.ts';
import { unreliableStore } from '#test/support/shared-histories/unreliable-store.ts';
import { shardTimeOf, TellingShard } from '#test/support/shared-histories/telling-shard.ts';

/** A store that hears now and then twice what it was told once, as when a connection breaks. */
function stutteringStore(store: MemoryEntityLogStore, random: () => number): EntityLogStore {
  const append = store.append.bind(store);
  store.append = async (appends) => {
    const ends = await append(appends);
    return random() < 0.2 ? append(appends) : ends;
  };
  return store;
}

test.each([
  ['one shard alone', (store: MemoryEntityLogStore) => store],
  [
    'a shard whose records were appended twice',
    (store: MemoryEntityLogStore) => stutteringStore(store, seededRandom(5)),
  ],
])('%s has the vectors that it has with histories of its own', async (_name, storeOf) => {
  const store = storeOf(new MemoryEntityLogStore());
  const shard = new TellingShard({ store, shard: 0, shards: 1, cacheBytes: 30_000 });
  const own = new HistoryFeatureStage({ toReference: rated });
  await own.load([]);
  expect(await shard.catchUp()).toBe(true);
  const found: string[] = [];
  for (const item of featureStream(SHARED_STREAM)) {
    const [expected] = tellRow(own, [item]);
    const [observed] = await shard.tell([item]);
    if (!observed || !expected) continue;
    found.push(...FEATURES.flatMap(({ name }, at) => (observed.vector[at] === expected[at] ? [] : [name])));
  }
  expect([...new Set(found)]).toEqual([]);
});

/** A batch spans less. */
const SPAN_MS = 60_000;

/** So many of the next items as one batch may have: it ends before a payment of an account that it has a signal of. */
function withinSpan(items: readonly FeatureItem[], count: number): number {
  const [first] = items;
  const signalled = new Set<string>();
  const end = items.findIndex((item) => {
    if (item.type === 'signal') signalled.add(item.account);
    if (item.type === 'attempt' && signalled.has(item.attempt.request.facts.debtor)) return true;
    return first && shardTimeOf([item]) - shardTimeOf([first]) >= SPAN_MS;
  });
  return end < 0 ? count : Math.min(count, end);
}

async function tellWithLostBatches(seed: number): Promise<void> {
  const store = new MemoryEntityLogStore();
  const random = seededRandom(seed);
  const own = new HistoryFeatureStage({ toReference: rated });
  await own.load([]);
  let shard = new TellingShard({ store, shard: 0, shards: 1 });
  const items = [...featureStream({ ...SHARED_STREAM, payments: 300, days: 0.1 })];
  let lost = 0;
  while (items.length > 0) {
    await shard.catchUp();
    if (random() < 0.1) {
      // The process ends behind the round trips; another takes over what is in the log.
      await shard.tell(items.slice(0, withinSpan(items, 1 + Math.floor(random() * 9))));
      const { rows } = shard;
      shard = new TellingShard({ store, shard: 0, shards: 1 });
      shard.rows.push(...rows.slice(0, -1));
      lost++;
      continue;
    }
    const batch = items.splice(0, withinSpan(items, 1 + Math.floor(random() * 5)));
    const told = await shard.tell(batch);
    expect(told.map(({ vector }) => vector)).toEqual(tellRow(own, batch));
  }
  expect(lost).toBeGreaterThan(5);
}

test('a batch that was appended and never decided comes again, cut otherwise, with the same vectors', () =>
  tellWithLostBatches(9));

test('a payment of such a batch has its vector also where another one has read past it', () =>
  tellWithLostBatches(8));

test('one stream over three shards, one at a time and settled, has the vectors of one process', async () => {
  const store = new MemoryEntityLogStore();
  const shards = [0, 1, 2].map((shard) => new TellingShard({ store, shard, shards: 3, cacheBytes: 60_000 }));
  const own = new HistoryFeatureStage({ toReference: rated });
  await own.load([]);
  await catchUpAll(shards);
  const found: string[] = [];
  for (const item of featureStream({ ...SHARED_STREAM, accounts: 15 })) {
    const [expected] = tellRow(own, [item]);
    const shard = shards[homeOf(item) % shards.length];
    const [observed] = (await shard?.tell([item])) ?? [];
    await shard?.settle();
    if (!observed || !expected) continue;
    found.push(...FEATURES.flatMap(({ name }, at) => (observed.vector[at] === expected[at] ? [] : [name])));
  }
  expect([...new Set(found)]).toEqual([]);
});

/** By the debtor, as payments are; what concerns a card alone goes anywhere. */
function homeOf(item: FeatureItem): number {
  if (item.type === 'label') return 0;
  const account = item.type === 'signal' ? item.account : requestIn(item).facts.debtor;
  return Number(/\d+$/.exec(account)?.[0]);
}

function requestIn(item: FeatureItem & { type: 'attempt' | 'outcome' }) {
  return item.type === 'attempt' ? item.attempt.request : item.request;
}

test('several shards that write at once have each the vector of what stands before its attempts', async () => {
  const store = new MemoryEntityLogStore();
  const stores = [store, store, store];
  const { observed } = await tellConcurrently({ stores, payments: 120, seed: 10, between: catchUpAll });
  expect(observed.filter((each) => isUnreadable(each)).length).toBe(0);
  expect(observed.length).toBe(360);
  expect(observed.flatMap((each) => recomputedVectorDifferences(store.logs, each)).slice(0, 10)).toEqual([]);
});

test('where calls fail, also after they took effect, a vector is exact or unreadable', async () => {
  const store = new MemoryEntityLogStore();
  const random = seededRandom(4);
  const stores = [0, 1, 2].map(() => unreliableStore({ store, random, failing: 0.02 }));
  const { observed } = await tellConcurrently({ stores, payments: 120, seed: 20, between: catchUpAll });
  const readable = observed.filter((each) => !isUnreadable(each));
  expect(readable.length).toBeGreaterThan(100);
  expect(readable.length).toBeLessThan(observed.length);
  expect(readable.flatMap((each) => recomputedVectorDifferences(store.logs, each)).slice(0, 10)).toEqual([]);
});
