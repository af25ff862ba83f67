import { afterEach, describe, expect, test } from 'vitest';
import type { EntityLogStore } from '#src/ports/entity-log-store.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { startRedisCluster } from '#test/support/redis/redis-cluster.ts';
import { RedisServer } from '#test/support/redis/redis-server.ts';
import { storedLogs } from '#test/support/redis/stored-logs.ts';
import { storeOnRedis, until } from '#test/support/redis/store-on-redis.ts';
import { seededRandom } from '#test/support/seeded-random.ts';
import {
  catchUpAll,
  isUnreadable,
  OFTEN_COMPACTED,
  tellConcurrently,
} from '#test/support/shared-histories/concurrent-shards.ts';
import { LogArchive } from '#test/support/shared-histories/archiving-store.ts';
import { recomputedVectorDifferences } from '#test/support/shared-histories/recomputed-vector.ts';
import { missingAttempts } from '#test/support/shared-histories/missing-attempts.ts';
import type { Observed, TellingShard } from '#test/support/shared-histories/telling-shard.ts';

const SHARDS = 3;
const cleanUp: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of cleanUp.splice(0)) await end();
});

async function storesOn(nodes: readonly string[], isCluster = false): Promise<readonly EntityLogStore[]> {
  const stores = await Promise.all(
    Array.from({ length: SHARDS }, () => storeOnRedis({ nodes, isCluster, answerWithinMs: 1_000 })),
  );
  cleanUp.unshift(() => Promise.all(stores.map((store) => store.close())));
  return stores;
}

async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const server = await RedisServer.start({ settings });
  cleanUp.push(() => server.stop());
  return server;
}

async function ready(stores: readonly EntityLogStore[]): Promise<void> {
  await until(() => stores.every(({ standing }) => standing.type === 'ready'));
}

/** Tells again until nothing is missing anywhere. */
function allToldAgain(shards: readonly TellingShard[]): Promise<void> {
  return until(async () => (await catchUpAll(shards)).every(Boolean));
}

/** Readable vectors that are not what the logs say at their positions. */
async function differences(
  observed: readonly Observed[],
  ...ports: readonly number[]
): Promise<readonly string[]> {
  const logs = await storedLogs(...ports);
  return observed
    .filter((each) => !isUnreadable(each))
    .flatMap((each) => recomputedVectorDifferences(logs, each));
}

describe.skipIf(!hasTool('redis'))('histories that several shards share in Redis (needs redis)', () => {
  test('give each shard the vector of what stands before its attempts', async () => {
    const server = await startServer();
    const stores = await storesOn([server.address]);
    const { observed } = await tellConcurrently({ stores, payments: 100, seed: 30, between: catchUpAll });
    expect(observed.filter((each) => isUnreadable(each)).length).toBe(0);
    expect((await differences(observed, server.port)).slice(0, 10)).toEqual([]);
  });

  test('are compacted by all of them at once, and give the same vectors', async () => {
    const server = await startServer();
    const archive = new LogArchive();
    const stores = (await storesOn([server.address])).map((store) => archive.follow(store));
    const { observed } = await tellConcurrently({
      stores,
      payments: 100,
      seed: 31,
      compaction: OFTEN_COMPACTED,
      between: catchUpAll,
    });
    expect(archive.compactions).toBeGreaterThan(30);
    expect(observed.filter((each) => isUnreadable(each)).length).toBe(0);
    const logs = archive.plain(await storedLogs(server.port));
    expect(observed.flatMap((each) => recomputedVectorDifferences(logs, each)).slice(0, 10)).toEqual([]);
  });

  test('are exact or unreadable while the server is killed, hung and cut off again and again', async () => {
    const server = await startServer({ appendonly: 'yes', appendfsync: 'always' });
    const stores = await storesOn([server.address]);
    const random = seededRandom(6);
    const faults = [
      () => server.kill().then(() => server.start()),
      () => server.ask(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']),
      async () => {
        server.pause();
        await until(() => stores.some(({ standing }) => standing.type === 'away'));
        server.resume();
      },
    ];
    let suffered = 0;
    let suffering: Promise<unknown> = Promise.resolve();
    const { observed, shards } = await tellConcurrently({
      stores,
      payments: 150,
      seed: 40,
      between: async (telling) => {
        await catchUpAll(telling);
        if (random() > 0.08) return;
        // While batches are on their way.
        const fault = faults[suffered++ % faults.length];
        suffering = suffering.then(fault);
        if (suffered % 2 === 1) return;
        await suffering.then(() => ready(stores));
        await allToldAgain(telling);
      },
    });
    await suffering;
    await ready(stores);
    await allToldAgain(shards);
    const readable = observed.filter((each) => !isUnreadable(each));
    expect(suffered).toBeGreaterThan(4);
    expect(readable.length).toBeGreaterThan(50);
    expect(readable.length).toBeLessThan(observed.length);
    expect((await differences(observed, server.port)).slice(0, 10)).toEqual([]);
  });

  test.each([
    ['emptied', (server: RedisServer) => server.ask(['FLUSHALL'])],
    [
      'brought back as it was some time before',
      async (server: RedisServer) => {
        await server.kill();
        await server.start();
      },
    ],
  ])('are told again whole, and then exact, when the server was %s', async (_name, fault) => {
    const server = await startServer();
    const stores = await storesOn([server.address]);
    let round = 0;
    let before: readonly Observed[] = [];
    const { observed, shards } = await tellConcurrently({
      stores,
      payments: 60,
      seed: 50,
      between: async (telling, soFar) => {
        round++;
        if (round === 40) await server.ask(['SAVE']);
        if (round === 60) {
          expect(await differences(soFar, server.port)).toEqual([]);
          before = [...soFar];
          await fault(server);
          await ready(stores);
        }
        if (round === 62) await allToldAgain(telling);
        await catchUpAll(telling);
      },
    });
    await allToldAgain(shards);
    const after = observed.slice(before.length);
    expect(missingAttempts(shards, await storedLogs(server.port))).toEqual([]);
    expect(after.filter((each) => !isUnreadable(each)).length).toBeGreaterThan(20);
    expect((await differences(after, server.port)).slice(0, 10)).toEqual([]);
  });

  test('spread over a cluster, and go on when a replica takes over one of its masters', async () => {
    const cluster = await startRedisCluster();
    cleanUp.push(() => cluster.stop());
    const [first, ...others] = cluster.masters;
    const stores = await storesOn(
      cluster.masters.map(({ address }) => address),
      true,
    );
    let round = 0;
    let before = 0;
    const { observed, shards } = await tellConcurrently({
      stores,
      payments: 60,
      seed: 60,
      between: async (telling, soFar) => {
        round++;
        if (round === 60) {
          expect(await differences(soFar, ...cluster.masters.map(({ port }) => port))).toEqual([]);
          before = soFar.length;
          await first?.kill();
        }
        if (round === 62) {
          await ready(stores);
          await allToldAgain(telling);
        }
        await catchUpAll(telling);
      },
    });
    await allToldAgain(shards);
    const ports = [cluster.replica, ...others].map(({ port }) => port);
    const after = observed.slice(before);
    expect(missingAttempts(shards, await storedLogs(...ports))).toEqual([]);
    expect(after.filter((each) => !isUnreadable(each)).length).toBeGreaterThan(20);
    expect((await differences(after, ...ports)).slice(0, 10)).toEqual([]);
  });
});
