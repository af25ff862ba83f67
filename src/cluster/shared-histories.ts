/** Opens the histories that the shards of a cluster share, as the configuration says where they lie. */
import { readFileSync } from 'node:fs';
import type { RedisSettings } from '#src/adapters/redis/redis-client.ts';
import { openRedisEntityLogStore } from '#src/adapters/redis/redis-entity-log-store.ts';
import type { RedisConfig } from '#src/config/config-schema.ts';
import { SharedHistoryStage } from '#src/features/shared/shared-history-stage.ts';
import type { Logger } from '#src/observability/logger.ts';
import type { ShardParts } from '#src/shard/open-shard.ts';

export interface SharedHistories {
  readonly redis: RedisConfig;
  /** What the names of all keys begin with. */
  readonly prefix: string;
  readonly shard: number;
  readonly shards: number;
  /** Memory of this shard for histories in use. */
  readonly cacheBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
}

/** Each time a shard is opened it has a connection of its own, which is closed with it. */
export function sharedHistories(settings: SharedHistories): ShardParts['openFeatures'] {
  const { redis, prefix, shard, shards, cacheBytes, now, log } = settings;
  return async (toReference) => {
    const store = await openRedisEntityLogStore(redisSettings(redis, prefix), {
      now: Date.now,
      onStanding: (standing) => {
        if (standing.type === 'ready') log.info(`shard ${shard} reaches the shared histories`);
        else log.warn(`shard ${shard} does not reach the shared histories: ${standing.reason}`);
      },
    });
    return new SharedHistoryStage({
      store,
      shard,
      shards,
      cacheBytes,
      toReference,
      now,
      onAway: ({ fault }) => log.warn(`shard ${shard} decides without histories`, { cause: fault }),
    });
  };
}

/** @throws when a certificate cannot be read. */
export function redisSettings(redis: RedisConfig, prefix: string): RedisSettings {
  const { nodes, cluster, username, password, answerMs, tls } = redis;
  return {
    nodes,
    isCluster: cluster,
    prefix,
    answerWithinMs: answerMs,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls.on ? { tls: certificatesOf(tls) } : {}),
  };
}

function certificatesOf({
  caFile,
  certFile,
  keyFile,
}: RedisConfig['tls']): NonNullable<RedisSettings['tls']> {
  const read = (file: string) => readFileSync(file, 'utf8');
  return {
    ...(caFile === undefined ? {} : { ca: read(caFile) }),
    ...(certFile === undefined ? {} : { cert: read(certFile) }),
    ...(keyFile === undefined ? {} : { key: read(keyFile) }),
  };
}
