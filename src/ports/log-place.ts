/**
 * Where in the logs of a ledger something was written, and how far reads must have come to show it.
 * A ledger in one process has one shard, number 0.
 */
export interface LogPlace {
  readonly shard: number;
  /** Of the row in that shard's log. */
  readonly position: number;
}

/** The position that reads must have seen, by shard; shards that it does not name may stand anywhere. */
export type SeenPositions = readonly (number | undefined)[];

/** Reads must have come to this one place. */
export function seenAt({ shard, position }: LogPlace): SeenPositions {
  const seen: number[] = [];
  seen[shard] = position;
  return seen;
}
