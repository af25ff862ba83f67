/**
 * Rows of a log as records: the row itself in `events`, its personal part in `personal`. The key of a
 * personal part is the row's position, so that compaction keeps the newest: once all of it is erased,
 * that is a record without bytes, never a missing one. Whoever reads a row knows then whether its
 * personal part is still to come.
 */
import type { KafkaMessage, Message } from 'kafkajs';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { bytes } from '#src/domain/encoding/codec.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import type { MirroredPersonal } from '#src/ports/log-mirror.ts';

/** Of the frame around a row; the body has a version of its own. */
const FRAME_VERSION = 1;

const writer = new ByteWriter();

export type SentRow = Omit<LogRow, 'personal'> & { readonly hasPersonal: boolean };

export function rowRecord({ position, previousHash, hash, body, personal }: LogRow): Pick<Message, 'value'> {
  writer.reset();
  writer.byte(FRAME_VERSION);
  writer.uint(position);
  bytes.write(writer, previousHash);
  bytes.write(writer, hash);
  writer.byte(personal === null ? 0 : 1);
  bytes.write(writer, body);
  return { value: Buffer.from(writer.toBytes().buffer) };
}

/** @throws Error when it is not a row of a version that is known here. */
export function readRowRecord({ value }: Pick<KafkaMessage, 'value'>): SentRow {
  const reader = new ByteReader(value ?? new Uint8Array());
  const version = reader.byte();
  if (version !== FRAME_VERSION)
    throw new Error(`a row has frame version ${version}; this version of Vouch knows ${FRAME_VERSION}`);
  return {
    position: reader.uint(),
    previousHash: bytes.read(reader),
    hash: bytes.read(reader),
    hasPersonal: reader.byte() === 1,
    body: bytes.read(reader),
  };
}

export function personalRecord({ position, parts }: MirroredPersonal): Pick<Message, 'key' | 'value'> {
  return { key: String(position), value: Buffer.from(parts) };
}

export function readPersonalRecord({ key, value }: Pick<KafkaMessage, 'key' | 'value'>): MirroredPersonal {
  const position = Number(key?.toString());
  if (!Number.isSafeInteger(position)) throw new Error('a personal part does not name its row');
  return { position, parts: value ?? new Uint8Array() };
}
