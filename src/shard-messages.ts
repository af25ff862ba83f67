/**
 * What goes between the thread that talks to the world and the thread of the shard. Commands and
 * answers travel as bytes that are handed over, not copied; everything else is rare.
 */
import type { Answer } from '#src/domain/answer.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { TokenCreated } from '#src/domain/shared-fact.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { answer } from '#src/domain/encoding/answer-codec.ts';
import { commandEnvelope } from '#src/domain/encoding/command-codec.ts';
import type { Readiness, Unavailability } from '#src/ports/command-gateway.ts';
import type { ShardReport } from '#src/ports/shard-report.ts';
import type { ShardReply } from '#src/shard/shard.ts';

/** Commands as bytes, or a request to finish and stop. */
export type ToShard = Uint8Array<ArrayBuffer> | { readonly type: 'stop' };

export type FromShard =
  | Uint8Array<ArrayBuffer>
  | { readonly type: 'readiness'; readonly readiness: Readiness }
  | { readonly type: 'unavailable'; readonly cause: Unavailability; readonly count: number }
  | { readonly type: 'failure'; readonly message: string }
  /** What of the traffic is not as the model's training was, in words. */
  | { readonly type: 'traffic'; readonly gaps: readonly string[] }
  | { readonly type: 'started'; readonly tokens: readonly TokenCreated[] }
  | { readonly type: 'report'; readonly report: ShardReport }
  | { readonly type: 'recovered'; readonly rows: number; readonly position: number };

export interface AnswerMessage {
  readonly position: number;
  readonly answers: readonly Answer[];
}

const writer = new ByteWriter();

/** Collects commands for one message. */
export class CommandMessageWriter {
  readonly #writer = new ByteWriter();

  get isEmpty(): boolean {
    return this.#writer.length === 0;
  }

  add(envelope: CommandEnvelope): void {
    commandEnvelope.write(this.#writer, envelope);
  }

  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#writer.toBytes();
    this.#writer.reset();
    return bytes;
  }
}

export function readCommandMessage(bytes: Uint8Array): CommandEnvelope[] {
  const reader = new ByteReader(bytes);
  const envelopes: CommandEnvelope[] = [];
  while (!reader.atEnd) envelopes.push(commandEnvelope.read(reader));
  return envelopes;
}

export function writeAnswerMessage({
  position,
  answers,
}: ShardReply & { type: 'answered' }): Uint8Array<ArrayBuffer> {
  writer.reset();
  writer.uint(position);
  for (const one of answers) answer.write(writer, one);
  return writer.toBytes();
}

export function readAnswerMessage(bytes: Uint8Array): AnswerMessage {
  const reader = new ByteReader(bytes);
  const position = reader.uint();
  const answers: Answer[] = [];
  while (!reader.atEnd) answers.push(answer.read(reader));
  return { position, answers };
}
