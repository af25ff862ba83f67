import { expect, test } from 'vitest';
import { MemoryEntityLogStore } from '#src/adapters/memory/memory-entity-log-store.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { tellRow } from '#test/support/tell-item.ts';
import { featureStream } from '#test/support/feature-stream.ts';
import { rated } from '#test/support/oracle/feature-oracle.ts';
import { seededRandom } from '#test/support/seeded-random.ts';
import { LogArchive } from '#test/support/shared-histories/archiving-store.ts';
import {
  catchUpAll,
  isUnreadable,
  OFTEN_COMPACTED,
  SHARED_STREAM,
  tellConcurrently,
} from '#test/support/shared-histories/concurrent-shards.ts';
import { missingAttempts } from '#test/support/shared-histories/missing-attempts.ts';
import { recomputedVectorDifferences } from '#test/support/shared-histories/recomputed-vector.ts';
import { unreliableStore } from '#test/support/shared-histories/unreliable-store.ts';
import { shardTimeOf, TellingShard } from '#test/support/shared-histories/telling-shard.ts';

const SATURATING = { ...SHARED_STREAM, payments: 1_600, days: 10, accounts: 40, hotShare: 0.8 };

test.each([
  ['that are read anew again and again', SHARED_STREAM, 30_000],
  ['that saturate', SATURATING, 1 << 22],
])(
  'logs %s give the vectors of histories of its own, however they are compacted',
  async (_n, stream, cacheBytes) => {
    const archive = new LogArchive();
    const memory = new MemoryEntityLogStore();
    let now = 0;
    const shard = new TellingShard({
      store: archive.follow(memory),
      shard: 0,
      shards: 1,
      cacheBytes,
      now: () => now,
      compaction: OFTEN_COMPACTED,
    });
    const own = new HistoryFeatureStage({ toReference: rated });
    await own.load([]);
    await shard.catchUp();
    const found: string[] = [];
    for (const item of featureStream(stream)) {
      now = shardTimeOf([item]);
      const [expected] = tellRow(own, [item]);
      const [observed] = await shard.tell([item]);
      if (!observed || !expected) continue;
      found.push(...FEATURES.flatMap(({ name }, at) => (observed.vector[at] === expected[at] ? [] : [name])));
    }
    expect([...new Set(found)]).toEqual([]);
    expect(archive.compactions).toBeGreaterThan(50);
  },
);

test('several shards that write and compact at once have each the vector of what stands before its attempts', async () => {
  const store = new MemoryEntityLogStore();
  const archive = new LogArchive();
  archive.follow(store);
  const { observed } = await tellConcurrently({
    stores: [store, store, store],
    payments: 90,
    seed: 11,
    compaction: OFTEN_COMPACTED,
    between: catchUpAll,
  });
  expect(observed.filter((each) => isUnreadable(each)).length).toBe(0);
  expect(archive.compactions).toBeGreaterThan(50);
  const logs = archive.plain(store.logs);
  expect(observed.flatMap((each) => recomputedVectorDifferences(logs, each)).slice(0, 10)).toEqual([]);
});

test('where calls fail, also after they took effect, compacted logs give exact vectors or unreadable ones', async () => {
  const store = new MemoryEntityLogStore();
  const archive = new LogArchive();
  archive.follow(store);
  const random = seededRandom(14);
  const { observed } = await tellConcurrently({
    stores: [0, 1, 2].map(() => unreliableStore({ store, random, failing: 0.02 })),
    payments: 90,
    seed: 21,
    compaction: OFTEN_COMPACTED,
    between: catchUpAll,
  });
  const readable = observed.filter((each) => !isUnreadable(each));
  expect(readable.length).toBeGreaterThan(100);
  expect(readable.length).toBeLessThan(observed.length);
  expect(archive.compactions).toBeGreaterThan(10);
  const logs = archive.plain(store.logs);
  expect(readable.flatMap((each) => recomputedVectorDifferences(logs, each)).slice(0, 10)).toEqual([]);
});

test('logs that were compacted and are lost are told again whole, compacted again, and then exact', async () => {
  const store = new MemoryEntityLogStore();
  const archive = new LogArchive();
  archive.follow(store);
  let round = 0;
  let before = 0;
  let compacted = 0;
  const { observed, shards } = await tellConcurrently({
    stores: [store, store],
    payments: 120,
    seed: 31,
    compaction: OFTEN_COMPACTED,
    between: async (telling, soFar) => {
      if (++round === 80) {
        await store.clear(() => undefined);
        before = soFar.length;
        compacted = archive.compactions;
      }
      await catchUpAll(telling);
    },
  });
  expect(compacted).toBeGreaterThan(3);
  expect(archive.compactions - compacted).toBeGreaterThan(5);
  const logs = archive.plain(store.logs);
  expect(missingAttempts(shards, logs)).toEqual([]);
  const after = observed.slice(before).filter((each) => !isUnreadable(each));
  expect(after.length).toBeGreaterThan(20);
  expect(after.flatMap((each) => recomputedVectorDifferences(logs, each)).slice(0, 10)).toEqual([]);
});
