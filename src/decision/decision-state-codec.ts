/** How the decision state is carried over a restart: the bytes of its snapshot. */
import { list, oneOf, optional, struct, text, uint, type Codec } from '#src/domain/encoding/codec.ts';
import { LIST_KINDS, LIST_NAMES, type ListEntry } from '#src/domain/list-entry.ts';
import type { DecisionCountersSnapshot } from './decision-counters.ts';
import type { DecisionStateSnapshot } from './decision-state.ts';
import type { TimeBucketsSnapshot } from './time-buckets.ts';

const buckets: Codec<TimeBucketsSnapshot> = struct<TimeBucketsSnapshot>({
  newestBucket: uint,
  counts: list(uint),
});

const counters: Codec<DecisionCountersSnapshot> = struct<DecisionCountersSnapshot>({
  reviews: buckets,
  breakerWindowMs: uint,
  decisions: buckets,
  denials: list(
    struct<{ readonly source: string; readonly buckets: TimeBucketsSnapshot }>({ source: text, buckets }),
  ),
});

const listEntry: Codec<ListEntry> = struct<ListEntry>({
  id: text,
  list: oneOf(LIST_NAMES),
  kind: oneOf(LIST_KINDS),
  value: text,
  reason: text,
  owner: text,
  expiresAt: optional(uint),
  addedIn: struct<ListEntry['addedIn']>({ position: uint, record: uint }),
});

export const decisionStateCodec: Codec<DecisionStateSnapshot> = struct<DecisionStateSnapshot>({
  entries: list(listEntry),
  enforce: counters,
  observe: counters,
});
