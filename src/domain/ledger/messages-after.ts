/**
 * Which other shards have to be told of an event, and what. A function of the event and of where it
 * happened, so that no decider needs to think of messages.
 */
import type { LedgerEvent } from '#src/domain/events.ts';
import { SHARED_FACTS_SHARD, type ShardPlace } from '#src/domain/shard-place.ts';
import type { OutgoingMessage } from '#src/domain/shard-message.ts';

export function messagesAfter(event: LedgerEvent, place: ShardPlace): readonly OutgoingMessage[] {
  switch (event.type) {
    case 'PolicyActivated':
    case 'ModelActivated':
    case 'IpTableRecorded':
    case 'RatesRecorded':
    case 'TokenCreated':
    case 'TokenRevoked':
    case 'ListEntryAdded':
    case 'ListEntryRemoved':
      if (place.index !== SHARED_FACTS_SHARD) return NONE;
      return otherShards(place).map((target) => ({ target, message: { type: 'ShareFact', fact: event } }));
    default:
      return NONE;
  }
}

const NONE: readonly OutgoingMessage[] = [];

function otherShards({ index, count }: ShardPlace): number[] {
  return Array.from({ length: count }, (_, shard) => shard).filter((shard) => shard !== index);
}
