import { expect, test } from 'vitest';
import { rebuildHistories, type RebuildProgress } from '#src/cluster/rebuild-histories.ts';
import { MemoryEntityLogStore } from '#src/adapters/memory/memory-entity-log-store.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { RedisServer } from '#test/support/redis/redis-server.ts';
import { storedLogs } from '#test/support/redis/stored-logs.ts';
import { storeOnRedis, until } from '#test/support/redis/store-on-redis.ts';
import { catchUpAll, tellConcurrently } from '#test/support/shared-histories/concurrent-shards.ts';
import { missingAttempts } from '#test/support/shared-histories/missing-attempts.ts';

test.skipIf(!hasTool('redis'))(
  'shared histories are emptied and told again by the shards that are at work (needs redis)',
  async () => {
    const server = await RedisServer.start();
    const stores = await Promise.all([0, 1].map(() => storeOnRedis({ nodes: [server.address] })));
    const { shards } = await tellConcurrently({ stores, payments: 40, seed: 70, between: catchUpAll });
    const before = (await storedLogs(server.port)).size;
    const seen: RebuildProgress[] = [];
    const operator = await storeOnRedis({ nodes: [server.address] });
    const report = await rebuildHistories({
      store: operator,
      shards: shards.length,
      onProgress: (progress) => void seen.push(progress),
      pause: async () => void (await catchUpAll(shards)),
    });
    const rows = shards.reduce((sum, shard) => sum + shard.rows.length, 0);
    expect(report).toEqual({ logsRemoved: before, rowsTold: rows });
    expect(seen.map(({ step }) => step)).toEqual(expect.arrayContaining(['emptying', 'telling again']));
    expect(missingAttempts(shards, await storedLogs(server.port))).toEqual([]);
    await until(async () => (await catchUpAll(shards)).every(Boolean));
    await Promise.all([operator, ...stores].map((store) => store.close()));
    await server.stop();
  },
);

test('a store that is away is not emptied', async () => {
  const store = new MemoryEntityLogStore();
  store.standing = { type: 'away', reason: 'nobody is there' };
  const rebuild = { store, shards: 1, onProgress: () => undefined, pause: () => Promise.resolve() };
  await expect(rebuildHistories(rebuild)).rejects.toThrow('nobody is there');
});
