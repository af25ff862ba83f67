/**
 * What the shards of one ledger tell each other. A message is part of the sender's events and a command
 * to its receiver; between two shards messages are numbered from 1 without gaps, each is sent at least
 * once, and it has its effect once (`ledger/receive-message.ts`).
 */
import type { SharedFact } from './shared-fact.ts';

/** A fact that all shards share, as the first shard decided it. */
export type ShareFact = { readonly type: 'ShareFact'; readonly fact: SharedFact };

export type ShardMessage = ShareFact;

/** A message on its way, before it has its number. */
export interface OutgoingMessage {
  /** Index of the shard that it is for. */
  readonly target: number;
  readonly message: ShardMessage;
}
