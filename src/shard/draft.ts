/** The events of one command while its batch is being decided. */
import type { Answer } from '#src/domain/answer.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { LedgerEvent } from '#src/domain/events.ts';

export interface Draft {
  readonly envelope: CommandEnvelope;
  /** Set when its turn comes. */
  shardTime: number;
  readonly events: LedgerEvent[];
  answer: Answer | undefined;
}
