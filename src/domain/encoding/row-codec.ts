/**
 * One row of the log: the records of one batch, committed together or not at all.
 *
 * The body is what the chain covers. The personal parts of its records are a blob of their own.
 */
import type { CommandRecord } from '#src/domain/events.ts';
import type { PersonalContent, PersonalPart } from '#src/domain/personal-part.ts';
import { ByteReader, DecodingError } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { bytes, list, optional, struct, text, uint } from './codec.ts';
import { ledgerEvent } from './event-codec.ts';
import { paymentPersonal } from './payment-codec.ts';

/** Version of everything in a row's body and in its personal parts. */
export const ENCODING_VERSION = 1;
/** The same, and the inputs of the row behind the version. */
const FED_ENCODING_VERSION = 2;

/** Where a shard that is fed by topics goes on reading each of them after this row. */
export interface RowInputs {
  readonly commands: number;
  /** What other shards say. */
  readonly messages: number;
}

export const rowInputs = struct<RowInputs>({ commands: uint, messages: uint });

export class UnknownEncodingError extends Error {
  override readonly name = 'UnknownEncodingError';

  constructor(version: number) {
    super(
      `log encoding version ${version} is not known here (this build knows up to ${FED_ENCODING_VERSION}): use a newer Vouch`,
    );
  }
}

export const commandRecord = struct<CommandRecord>({
  input: uint,
  shardTime: uint,
  actor: text,
  cause: text,
  events: list(ledgerEvent),
});

const records = list(commandRecord);

const personalPart = struct<PersonalPart>({ salt: bytes, content: bytes });

export const personalContent = struct<PersonalContent>({
  payment: optional(paymentPersonal),
  note: optional(text),
  entity: optional(text),
  device: optional(text),
  ip: optional(text),
});

/** Personal parts by the index of their record in the row. */
export type PersonalParts = ReadonlyMap<number, PersonalPart>;

const writer = new ByteWriter();

/** Inputs are those of a shard that is fed by topics. */
export function encodeRow(values: readonly CommandRecord[], inputs?: RowInputs): Uint8Array<ArrayBuffer> {
  writer.reset();
  writer.byte(inputs ? FED_ENCODING_VERSION : ENCODING_VERSION);
  if (inputs) rowInputs.write(writer, inputs);
  records.write(writer, values);
  return writer.toBytes();
}

/** Undefined in a row of a shard that is not fed by topics. */
export function decodeRowInputs(body: Uint8Array): RowInputs | undefined {
  return readInputs(new ByteReader(body));
}

export function decodeRow(body: Uint8Array): readonly CommandRecord[] {
  return decodePlacedRow(body).map(({ record }) => record);
}

/** A record with the offset of its first byte in the row's body, where `decodeRecordAt` finds it again. */
export interface PlacedRecord {
  readonly record: CommandRecord;
  readonly offset: number;
}

export interface RowReading {
  /** Leaves feature vectors empty, which halves the time. */
  readonly skipsVectors?: boolean;
}

export function decodePlacedRow(body: Uint8Array, reading: RowReading = {}): readonly PlacedRecord[] {
  const reader = new ByteReader(body, reading);
  readInputs(reader);
  const placed: PlacedRecord[] = [];
  for (let left = reader.uint(); left > 0; left--) {
    const { offset } = reader;
    placed.push({ offset, record: commandRecord.read(reader) });
  }
  if (!reader.atEnd) throw new DecodingError('bytes after the last record', reader.offset);
  return placed;
}

/** One record of a row, without decoding the ones before it. */
export function decodeRecordAt(body: Uint8Array, offset: number): CommandRecord {
  readInputs(new ByteReader(body));
  return commandRecord.read(new ByteReader(body.subarray(offset)));
}

/** Null when no record has a personal part. */
export function encodePersonalParts(parts: PersonalParts): Uint8Array<ArrayBuffer> | null {
  if (parts.size === 0) return null;
  writer.reset();
  writer.byte(ENCODING_VERSION);
  writer.uint(parts.size);
  for (const [record, part] of parts) {
    writer.uint(record);
    personalPart.write(writer, part);
  }
  return writer.toBytes();
}

export function decodePersonalParts(blob: Uint8Array | null): PersonalParts {
  const parts = new Map<number, PersonalPart>();
  if (blob === null) return parts;
  const reader = new ByteReader(blob);
  checkVersion(reader.byte());
  for (let left = reader.uint(); left > 0; left--) parts.set(reader.uint(), personalPart.read(reader));
  return parts;
}

/** The salt, then the encoded content: what the digest is made of. In memory that small pieces share. */
export function encodeSaltedContent(salt: Uint8Array, content: PersonalContent): Uint8Array<ArrayBuffer> {
  writer.reset();
  writer.raw(salt);
  personalContent.write(writer, content);
  return writer.toSharedBytes();
}

export function decodePersonalContent(part: PersonalPart): PersonalContent {
  return personalContent.read(new ByteReader(part.content));
}

/** What stands before the records. */
function readInputs(reader: ByteReader): RowInputs | undefined {
  const version = reader.byte();
  if (version === FED_ENCODING_VERSION) return rowInputs.read(reader);
  checkVersion(version);
  return undefined;
}

function checkVersion(version: number): void {
  if (version !== ENCODING_VERSION) throw new UnknownEncodingError(version);
}
