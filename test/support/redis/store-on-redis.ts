/** The shared store of the product on a server of the tests. */
import { openRedisEntityLogStore } from '#src/adapters/redis/redis-entity-log-store.ts';
import type { RedisSettings } from '#src/adapters/redis/redis-client.ts';
import type { EntityLogStore } from '#src/ports/entity-log-store.ts';

/** Longer than a busy machine takes. */
const ANSWER_WITHIN_MS = 10_000;

export interface StoreOptions extends Partial<RedisSettings> {
  readonly nodes: readonly string[];
  readonly now?: () => number;
}

export function storeOnRedis({ now = Date.now, ...settings }: StoreOptions): Promise<EntityLogStore> {
  return openRedisEntityLogStore(
    { isCluster: false, prefix: 'vouch', answerWithinMs: ANSWER_WITHIN_MS, ...settings },
    { now, onStanding: () => undefined },
  );
}

/** Settles when the condition holds; it is looked at every few milliseconds. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 90_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come to pass in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
