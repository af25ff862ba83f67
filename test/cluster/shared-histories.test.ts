import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharedHistories } from '#src/cluster/shared-histories.ts';
import { createLogger } from '#src/observability/logger.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { RedisServer } from '#test/support/redis/redis-server.ts';

const KEYS = { prefix: 'ledger', shard: 0, shards: 2, cacheBytes: 1 << 20 };

describe.skipIf(!hasTool('redis'))('the histories of a shard in a cluster (needs redis)', () => {
  let server: RedisServer;
  const lines: string[] = [];
  const log = createLogger('info', { write: (line) => void lines.push(line) });

  beforeAll(async () => {
    server = await RedisServer.start();
  });

  afterAll(() => server.stop());

  test('lie in the Redis that the configuration names, and know what they lack', async () => {
    const redis = { nodes: [server.address], cluster: false, answerMs: 5_000, tls: { on: false } };
    const features = await sharedHistories({ ...KEYS, redis, log, now: Date.now })(() => undefined);
    expect(await features.remote?.firstMissing(3)).toBe(1);
    expect(await features.remote?.claim(['p1'])).toEqual([0]);
    expect(await server.ask(['GET', 'ledger:id:p1'])).toBe('0');
    expect(lines.join('\n')).toContain('shard 0 reaches the shared histories');
    await features.close();
  });

  test('are away where nobody answers, which keeps no shard from starting', async () => {
    const redis = { nodes: ['127.0.0.1:1'], cluster: false, answerMs: 5_000, tls: { on: false } };
    const features = await sharedHistories({ ...KEYS, redis, log, now: Date.now })(() => undefined);
    expect(await features.remote?.firstMissing(3)).toBeUndefined();
    expect(await features.remote?.claim(['p1'])).toEqual([]);
    expect(lines.join('\n')).toContain('does not reach the shared histories: Redis: connect ECONNREFUSED');
    await features.close();
  });
});
