import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EntityLogError, type EntityLogStore } from '#src/ports/entity-log-store.ts';
import { describeEntityLogStore } from '#test/contract/entity-log-store-contract.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { RedisServer } from '#test/support/redis/redis-server.ts';
import { storeOnRedis, until } from '#test/support/redis/store-on-redis.ts';

const RECORD = new Uint8Array(48).fill(9);

function isReady(store: EntityLogStore): boolean {
  return store.standing.type === 'ready';
}

function reasonOf(store: EntityLogStore): string {
  return store.standing.type === 'away' ? store.standing.reason : '';
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof EntityLogError ? error.fault : 'none';
}

const append = (store: EntityLogStore) => store.append([{ name: 'a1', records: RECORD }]);

describe.skipIf(!hasTool('redis'))('shared entity logs in Redis (needs redis)', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await RedisServer.start();
  });

  afterAll(() => server.stop());

  describeEntityLogStore(async () => {
    await server.ask(['FLUSHALL']);
    return storeOnRedis({ nodes: [server.address] });
  });

  test('logs of any length, and any number of them, are read whole', async () => {
    const store = await storeOnRedis({ nodes: [server.address] });
    const names = Array.from({ length: 600 }, (_, index) => `many${index}`);
    const long = Uint8Array.from({ length: 48 * 5_000 }, (_, at) => Math.floor(at / 48) % 251);
    await store.append([
      { name: 'long', records: long },
      ...names.map((name) => ({ name, records: RECORD })),
    ]);
    const reads = [{ name: 'long', from: 3 * 48 }, ...names.map((name) => ({ name, from: 0 }))];
    const [first, ...others] = await store.read(reads);
    expect(Buffer.compare(first ?? RECORD, long.subarray(3 * 48))).toBe(0);
    expect(others.filter(({ length }) => length !== 48)).toEqual([]);
    const [part] = await store.read([{ name: 'long', from: 5, bytes: 48 * 4_000 }]);
    expect(Buffer.compare(part ?? RECORD, long.subarray(5, 5 + 48 * 4_000))).toBe(0);
    await store.close();
  });

  test('two processes on the same servers share an epoch', async () => {
    const stores = await Promise.all([
      storeOnRedis({ nodes: [server.address] }),
      storeOnRedis({ nodes: [server.address] }),
    ]);
    expect(stores[0]?.standing).toEqual(stores[1]?.standing);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('a server that is emptied while it runs begins another epoch before anything of it is believed', async () => {
    const store = await storeOnRedis({ nodes: [server.address] });
    const before = store.standing;
    await server.ask(['FLUSHALL']);
    expect(await faultOf(append(store))).toBe('changed');
    await until(() => isReady(store));
    expect(store.standing).not.toEqual(before);
    await store.close();
  });

  test('a server that has forgotten the script is told it again', async () => {
    const store = await storeOnRedis({ nodes: [server.address] });
    await server.ask(['DEL', 'vouch:h:a1'], ['SCRIPT', 'FLUSH']);
    await append(store);
    const replacement = { name: 'a1', was: RECORD, becomes: new Uint8Array(5) };
    expect(await store.replaceHead(replacement)).toBe(true);
    expect(await store.replaceHead(replacement)).toBe(false);
    expect(await server.ask(['STRLEN', 'vouch:h:a1'])).toBe(5);
    expect(store.standing.type).toBe('ready');
    await store.close();
  });
});

describe.skipIf(!hasTool('redis'))('a Redis that (needs redis)', () => {
  test('is restarted begins another epoch, also where its files brought everything back', async () => {
    const server = await RedisServer.start({ settings: { appendonly: 'yes', appendfsync: 'always' } });
    const store = await storeOnRedis({ nodes: [server.address] });
    const before = store.standing;
    await append(store);
    await server.kill();
    await until(() => !isReady(store));
    expect(await faultOf(append(store))).toBe('unreachable');
    await server.start();
    await until(() => isReady(store));
    expect(store.standing).not.toEqual(before);
    expect(await append(store)).toEqual([96]);
    await store.close();
    await server.stop();
  });

  test('does not answer is given up after a while, and is checked when it answers again', async () => {
    const server = await RedisServer.start();
    const store = await storeOnRedis({ nodes: [server.address], answerWithinMs: 200 });
    server.pause();
    expect(await faultOf(append(store))).toBe('unreachable');
    expect(reasonOf(store)).toContain('no answer within 200 ms');
    server.resume();
    await until(() => isReady(store));
    await append(store);
    await store.close();
    await server.stop();
  });

  test('is full takes nothing more in, and evicts nothing', async () => {
    const server = await RedisServer.start({ settings: { 'maxmemory-policy': 'noeviction' } });
    const store = await storeOnRedis({ nodes: [server.address] });
    await append(store);
    await server.ask(['CONFIG', 'SET', 'maxmemory', '1mb']);
    expect(await faultOf(append(store))).toBe('full');
    await server.ask(['CONFIG', 'SET', 'maxmemory', '0']);
    await until(() => isReady(store));
    expect(await append(store)).toEqual([96]);
    await store.close();
    await server.stop();
  });

  test('has become a replica takes no writes, and is left for the one that took over', async () => {
    const [server, other] = await Promise.all([RedisServer.start(), RedisServer.start()]);
    const store = await storeOnRedis({ nodes: [server.address] });
    await server.ask(['REPLICAOF', '127.0.0.1', String(other.port)]);
    expect(['readOnly', 'unreachable']).toContain(await faultOf(append(store)));
    await until(() => reasonOf(store).includes('replica'));
    await store.close();
    await Promise.all([server.stop(), other.stop()]);
  });

  test('may evict keys is not used', async () => {
    const server = await RedisServer.start({ settings: { 'maxmemory-policy': 'allkeys-lru' } });
    const store = await storeOnRedis({ nodes: [server.address] });
    expect(reasonOf(store)).toContain('maxmemory-policy is allkeys-lru and has to be noeviction');
    await server.ask(['CONFIG', 'SET', 'maxmemory-policy', 'noeviction']);
    await until(() => isReady(store));
    await store.close();
    await server.stop();
  });
});
