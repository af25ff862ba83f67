/**
 * The way to shards that run elsewhere: commands go to the inputs of shards, replies come back with
 * the number that the sender gave. Either may be lost; nothing is repeated here.
 */
import type { Answer } from '#src/domain/answer.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { Unavailability } from './command-gateway.ts';

export interface SentCommand {
  readonly shard: number;
  /** Of the sender's own counting; the reply carries it. */
  readonly number: number;
  readonly envelope: CommandEnvelope;
}

export type ShardsReply = {
  readonly number: number;
  readonly shard: number;
} & (
  | { readonly type: 'answered'; readonly answer: Answer; readonly position: number }
  | { readonly type: 'unavailable'; readonly cause: Unavailability }
);

export interface CommandTransport {
  /** Resolves when all of them are durable in the inputs; rejects when that is not known. */
  send(commands: readonly SentCommand[]): Promise<void>;
}
