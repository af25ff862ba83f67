/** How shards' messages are written. Numbers are stable for ever; `docs/events.md` is held against this file. */
import type { ShardMessage } from '#src/domain/shard-message.ts';
import { struct } from './codec.ts';
import { sharedFact } from './shared-fact-codec.ts';
import { taggedUnion, type BodyOf } from './tagged-union.ts';

type Body<Type extends ShardMessage['type']> = BodyOf<ShardMessage, Type>;

export const shardMessage = taggedUnion<ShardMessage>('message', {
  ShareFact: {
    tag: 1,
    meaning: 'What the first shard decided for all; the receiver applies it as it is.',
    codec: struct<Body<'ShareFact'>>({ fact: sharedFact }),
  },
});
