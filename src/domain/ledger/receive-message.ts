/**
 * Takes what another shard says, once: messages between two shards are numbered without gaps, the
 * number of the last one taken is part of the state, and what is not above it does nothing. So a
 * message may come any number of times, also after a restore.
 */
import type { ReceiveMessage } from '#src/domain/commands.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import type { ShardMessage } from '#src/domain/shard-message.ts';
import { DONE_BEFORE, done, type DecidingContext, type Verdict } from './deciding.ts';

/** @throws MessageGapError when one before it is missing. */
export function receiveMessage(context: DecidingContext, command: ReceiveMessage): Verdict {
  const { source, sequence, message } = command;
  const last = context.state.counters.received[source] ?? 0;
  if (sequence <= last) return DONE_BEFORE;
  if (sequence > last + 1) throw new MessageGapError(source, last, sequence);
  return done({ type: 'MessageReceived', source, sequence }, ...effectsOf(message));
}

function effectsOf(message: ShardMessage): readonly LedgerEvent[] {
  switch (message.type) {
    case 'ShareFact':
      return [message.fact];
  }
}

/** The broker has lost messages, or gives them out of order: going on would lose money. Not to be retried. */
export class MessageGapError extends Error {
  override readonly name = 'MessageGapError';

  constructor(source: number, last: number, sequence: number) {
    super(`message ${sequence} of shard ${source} came after ${last}: what is between them is missing`);
  }
}
