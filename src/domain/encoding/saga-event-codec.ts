/** How the events of a ledger in several shards are written; part of `event-codec.ts`. */
import type { SagaEvent } from '#src/domain/saga-events.ts';
import { struct, uint } from './codec.ts';
import { shardMessage } from './shard-message-codec.ts';
import type { BodyOf, Variants } from './tagged-union.ts';

type Body<Type extends SagaEvent['type']> = BodyOf<SagaEvent, Type>;

export const sagaEventVariants: Variants<SagaEvent> = {
  MessageReceived: {
    tag: 50,
    meaning: 'The record is what a message of another shard led to; it has its effect once.',
    codec: struct<Body<'MessageReceived'>>({ source: uint, sequence: uint }),
  },
  MessageSent: {
    tag: 51,
    meaning: 'Another shard is told something; it goes out with the row.',
    codec: struct<Body<'MessageSent'>>({ target: uint, sequence: uint, message: shardMessage }),
  },
};
