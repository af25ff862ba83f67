/** A command as a record of the topic `commands`: encoded, with who waits for its reply in a header. */
import type { KafkaMessage, Message } from 'kafkajs';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { commandEnvelope } from '#src/domain/encoding/command-codec.ts';

/** Who waits: a process, the partition of `replies` that it reads, and its own number for the command. */
export interface ReplyAddress {
  readonly instance: string;
  readonly partition: number;
  readonly number: number;
}

const REPLY_HEADER = 'reply';
/** Instance, partition and number; instances are letters, digits and `-`. */
const ADDRESS = /^([A-Za-z0-9-]{1,64}):(\d{1,6}):(\d{1,15})$/;

const writer = new ByteWriter();

export function commandRecord(
  envelope: CommandEnvelope,
  replyTo?: ReplyAddress,
): Pick<Message, 'value' | 'headers'> {
  writer.reset();
  commandEnvelope.write(writer, envelope);
  const value = Buffer.from(writer.toBytes().buffer);
  return replyTo ? { value, headers: { [REPLY_HEADER]: writeAddress(replyTo) } } : { value };
}

/** @throws DecodingError when the record is not a command of a version that is known here. */
export function readCommandRecord({ value }: Pick<KafkaMessage, 'value'>): CommandEnvelope {
  return commandEnvelope.read(new ByteReader(value ?? new Uint8Array()));
}

/** Undefined when nobody waits, or when it cannot be said who. */
export function replyAddressOf({ headers }: Pick<KafkaMessage, 'headers'>): ReplyAddress | undefined {
  const header = headers?.[REPLY_HEADER];
  if (header === undefined || Array.isArray(header)) return undefined;
  const [, instance, partition, number] = ADDRESS.exec(header.toString()) ?? [];
  if (instance === undefined) return undefined;
  return { instance, partition: Number(partition), number: Number(number) };
}

function writeAddress({ instance, partition, number }: ReplyAddress): string {
  return `${instance}:${partition}:${number}`;
}
