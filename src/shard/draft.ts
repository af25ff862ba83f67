/** The events of one command while its batch is being decided. */
import type { Answer } from '#src/domain/answer.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { LedgerEvent } from '#src/domain/events.ts';

export interface Draft {
  readonly envelope: CommandEnvelope;
  /** Set when its turn comes. */
  shardTime: number;
  readonly events: LedgerEvent[];
  /** Index that its record will have in the row; undefined as long as it has no events. */
  record: number | undefined;
  answer: Answer | undefined;
}
