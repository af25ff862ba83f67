/** All entity logs that a server holds, by the name of the entity. */
import { Redis } from 'ioredis';

const PREFIX = 'vouch:h:';

export async function storedLogs(...ports: readonly number[]): Promise<ReadonlyMap<string, Uint8Array>> {
  const logs = new Map<string, Uint8Array>();
  for (const port of ports) {
    const redis = new Redis({ port });
    for (const key of await redis.keys(`${PREFIX}*`)) {
      const log = await redis.getBuffer(key);
      if (log) logs.set(key.slice(PREFIX.length), log);
    }
    redis.disconnect();
  }
  return logs;
}
