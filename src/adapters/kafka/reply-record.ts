/** A shard's reply as a record of the topic `replies`; its key is the process that waits for it. */
import type { KafkaMessage, Message } from 'kafkajs';
import { answer } from '#src/domain/encoding/answer-codec.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import type { Unavailability } from '#src/ports/command-gateway.ts';
import type { ShardsReply } from '#src/ports/command-transport.ts';
import type { ReplyAddress } from './command-record.ts';

const ANSWERED = 1;
const UNAVAILABLE = 2;
const CAUSES: readonly Unavailability[] = ['overloaded', 'outcome_unknown', 'stopping'];

const writer = new ByteWriter();

export function replyRecord(
  { instance, partition }: Omit<ReplyAddress, 'number'>,
  reply: ShardsReply,
): Pick<Message, 'key' | 'value' | 'partition'> {
  writer.reset();
  writer.uint(reply.number);
  writer.uint(reply.shard);
  if (reply.type === 'answered') {
    writer.byte(ANSWERED);
    writer.uint(reply.position);
    answer.write(writer, reply.answer);
  } else {
    writer.byte(UNAVAILABLE);
    writer.uint(CAUSES.indexOf(reply.cause));
  }
  return { key: instance, partition, value: Buffer.from(writer.toBytes().buffer) };
}

/** Undefined when it is for another process. @throws DecodingError when it cannot be read. */
export function readReplyRecord(
  { key, value }: Pick<KafkaMessage, 'key' | 'value'>,
  instance: string,
): ShardsReply | undefined {
  if (key?.toString() !== instance) return undefined;
  const reader = new ByteReader(value ?? new Uint8Array());
  const place = { number: reader.uint(), shard: reader.uint() };
  if (reader.byte() === ANSWERED) {
    return { ...place, type: 'answered', position: reader.uint(), answer: answer.read(reader) };
  }
  return { ...place, type: 'unavailable', cause: CAUSES[reader.uint()] ?? 'outcome_unknown' };
}
