/**
 * Counts what happened within the last window, in buckets of a sixtieth of it: the current bucket
 * and the sixty before it, so that nothing of the last window is ever left out, and at most a
 * sixtieth more is counted. The memory is the same for any traffic, and since buckets are cut by
 * shard time alone, the counts do not depend on how commands were cut into batches.
 */

const BUCKETS_IN_WINDOW = 60;
const BUCKETS = BUCKETS_IN_WINDOW + 1;

export interface TimeBucketsSnapshot {
  readonly newestBucket: number;
  /** One count for each bucket, by bucket number modulo their number. */
  readonly counts: readonly number[];
}

export class TimeBuckets {
  readonly #bucketMs: number;
  readonly #counts = new Float64Array(BUCKETS);
  #newestBucket = 0;

  constructor(windowMs: number, snapshot?: TimeBucketsSnapshot) {
    this.#bucketMs = Math.ceil(windowMs / BUCKETS_IN_WINDOW);
    if (!snapshot) return;
    this.#counts.set(snapshot.counts);
    this.#newestBucket = snapshot.newestBucket;
  }

  /** Counts one at `shardTime`, which never decreases. */
  add(shardTime: number): void {
    const bucket = Math.floor(shardTime / this.#bucketMs);
    if (bucket > this.#newestBucket) this.#forgetUntil(bucket);
    const place = bucket % BUCKETS;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  /** How many were counted in the window that ends at `shardTime`. */
  total(shardTime: number): number {
    const newest = Math.floor(shardTime / this.#bucketMs);
    let total = 0;
    for (let bucket = newest - BUCKETS_IN_WINDOW; bucket <= this.#newestBucket; bucket++) {
      total += this.#counts[bucket % BUCKETS] ?? 0;
    }
    return total;
  }

  toSnapshot(): TimeBucketsSnapshot {
    return { newestBucket: this.#newestBucket, counts: [...this.#counts] };
  }

  #forgetUntil(bucket: number): void {
    const first = Math.max(this.#newestBucket + 1, bucket - BUCKETS_IN_WINDOW);
    for (let passed = first; passed <= bucket; passed++) this.#counts[passed % BUCKETS] = 0;
    this.#newestBucket = bucket;
  }
}
