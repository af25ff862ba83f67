/** The events of one command while its batch is being decided. */
import type { Answer } from '#src/domain/answer.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import type { OutgoingMessage } from '#src/domain/shard-message.ts';

export interface Draft {
  readonly envelope: CommandEnvelope;
  /** Set when its turn comes. */
  shardTime: number;
  readonly events: LedgerEvent[];
  /** For other shards; they get their numbers when the batch is decided. */
  outgoing: OutgoingMessage[] | undefined;
  /** Index that its record will have in the row; undefined as long as it has no events. */
  record: number | undefined;
  answer: Answer | undefined;
}
