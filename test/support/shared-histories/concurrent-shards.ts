/** Several shards that tell one store their streams, in batches that overlap as chance has it. */
import { UNREADABLE } from '#src/domain/feature-value.ts';
import { HISTORY_FEATURES } from '#src/features/feature-catalogue.ts';
import type { CompactionLimits } from '#src/features/shared/log-compaction.ts';
import type { EntityLogStore } from '#src/ports/entity-log-store.ts';
import { featureStream, type FeatureItem, type FeatureStreamSettings } from '#test/support/feature-stream.ts';
import { seededRandom } from '#test/support/seeded-random.ts';
import { TellingShard, type Observed } from './telling-shard.ts';

/** So often as it can be, and whether it saves anything or not. */
export const OFTEN_COMPACTED: CompactionLimits = {
  keptLeast: 24,
  keptMost: 40,
  stepMost: 40,
  plainBytes: 480,
  savedShare: -Infinity,
};
export const NEVER_COMPACTED: CompactionLimits = { ...OFTEN_COMPACTED, plainBytes: Infinity };

export const SHARED_STREAM = { seed: 1, payments: 400, days: 60, accounts: 10, merchants: 4 };

export interface ConcurrentShards {
  readonly stores: readonly EntityLogStore[];
  /** Of each shard. */
  readonly payments: number;
  readonly seed: number;
  /** Absent: none are compacted. */
  readonly compaction?: CompactionLimits;
  /** Before each round. */
  readonly between: (shards: readonly TellingShard[], observed: readonly Observed[]) => Promise<unknown>;
}

export interface ToldConcurrently {
  readonly shards: readonly TellingShard[];
  readonly observed: readonly Observed[];
}

export async function tellConcurrently(settings: ConcurrentShards): Promise<ToldConcurrently> {
  const { stores, payments, seed, compaction, between } = settings;
  const random = seededRandom(seed);
  const queues = stores.map((store, shard) => {
    const stream = { ...SHARED_STREAM, seed: seed + shard, payments, idPrefix: `pay_${seed}_${shard}_` };
    return {
      shard: new TellingShard({
        store,
        shard,
        shards: stores.length,
        cacheBytes: 200_000,
        // Records of the stream are old by then.
        now: Date.now,
        compaction: compaction ?? NEVER_COMPACTED,
      }),
      batches: batchesOf(stream, random),
    };
  });
  const shards = queues.map(({ shard }) => shard);
  const observed: Observed[] = [];
  while (queues.some(({ batches }) => batches.length > 0)) {
    await between(shards, observed);
    const busy = queues.filter(({ batches }) => batches.length > 0 && random() < 0.7);
    const told = await Promise.all(busy.map(({ shard, batches }) => shard.tell(batches.shift() ?? [])));
    observed.push(...told.flat());
  }
  return { shards, observed };
}

export function catchUpAll(shards: readonly TellingShard[]): Promise<readonly boolean[]> {
  return Promise.all(shards.map((shard) => shard.catchUp()));
}

export function isUnreadable({ vector }: Observed): boolean {
  return HISTORY_FEATURES.some((at) => vector[at] === UNREADABLE);
}

function batchesOf(stream: FeatureStreamSettings, random: () => number): FeatureItem[][] {
  const batches: FeatureItem[][] = [];
  for (const item of featureStream(stream)) {
    if (batches.length === 0 || random() < 0.4) batches.push([]);
    batches.at(-1)?.push(item);
  }
  return batches;
}
