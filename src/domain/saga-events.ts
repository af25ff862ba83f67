/** What happens because a ledger has several shards; a ledger in one shard has none of it. */
import type { ShardMessage } from './shard-message.ts';

/** The first event of the record that a message led to. */
export type MessageReceived = {
  readonly type: 'MessageReceived';
  /** Index of the shard that sent it. */
  readonly source: number;
  readonly sequence: number;
};

export type MessageSent = {
  readonly type: 'MessageSent';
  /** Index of the shard that it is for. */
  readonly target: number;
  /** Counts from 1 without gaps for each target. */
  readonly sequence: number;
  readonly message: ShardMessage;
};

export type SagaEvent = MessageReceived | MessageSent;
