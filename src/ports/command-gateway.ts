/**
 * The way in for everything that is asked of a ledger: commands go to the shard in the order in which
 * they are submitted, and each is answered once, when what it did is durable and not before.
 */
import type { Answer } from '#src/domain/answer.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { LogPlace } from './log-place.ts';

/** Why a command was not answered. Whether it had an effect is not known; the same command again is safe. */
export type Unavailability = 'overloaded' | 'outcome_unknown' | 'stopping';

export type GatewayReply =
  | {
      readonly type: 'answered';
      readonly answer: Answer;
      /** From where on reads show what the answer says. */
      readonly place: LogPlace;
    }
  | { readonly type: 'unavailable'; readonly cause: Unavailability };

export interface CommandGateway {
  /**
   * Takes the command and returns at once; `onReply` is called exactly once, later, never from inside
   * the call. A callback rather than a promise, because this is called for each payment.
   */
  readonly submit: (envelope: CommandEnvelope, onReply: (reply: GatewayReply) => void) => void;
  /** Whether it can decide now, and if not why not, in words. */
  readonly readiness: () => Readiness;
}

export type Readiness =
  /** It can decide; `warnings` say why its decisions may be worse than they should be. */
  | { readonly ready: true; readonly warnings?: readonly string[] }
  | { readonly ready: false; readonly reasons: readonly string[] };
