/**
 * A feature vector, exact and small: most values are zero, missing or small integers. The vector is
 * cut in runs of one kind; a run is a head byte (kind in the upper three bits, length less one in
 * the lower five), then its values where the kind has any.
 */
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Codec } from './codec.ts';

const ZERO = 0;
const MISSING_NOT_SENT = 1;
const MISSING_NO_HISTORY = 2;
const MISSING_UNREADABLE = 3;
const INTEGER = 4;
const REAL = 5;
/** Behind the last value. */
const NO_KIND = -1;
const CONSTANTS = [0, NOT_SENT, NO_HISTORY, UNREADABLE];
const LONGEST_RUN = 32;
/** A varint of an integer below 2^21 is no longer than a float32. */
const INTEGERS_BELOW = 1 << 21;

export const vector: Codec<Float32Array> = {
  type: 'float32 vector, sparse',
  write: writeVector,
  read: readVector,
};

/** Looks at each value once. */
function writeVector(writer: ByteWriter, values: Float32Array): void {
  const { length } = values;
  writer.uint(length);
  let start = 0;
  let kind = kindOf(values[0] ?? 0);
  for (let end = 1; end <= length; end++) {
    const next = end < length ? kindOf(values[end] as number) : NO_KIND;
    if (next === kind && end - start < LONGEST_RUN) continue;
    writer.byte((kind << 5) | (end - start - 1));
    if (kind === INTEGER) for (let i = start; i < end; i++) writer.uint(values[i] as number);
    else if (kind === REAL) for (let i = start; i < end; i++) writer.float32(values[i] as number);
    start = end;
    kind = next;
  }
}

function kindOf(value: number): number {
  if (value === 0) return Object.is(value, -0) ? REAL : ZERO;
  if (value > 0) return value < INTEGERS_BELOW && (value | 0) === value ? INTEGER : REAL;
  if (value === NOT_SENT) return MISSING_NOT_SENT;
  if (value === NO_HISTORY) return MISSING_NO_HISTORY;
  return value === UNREADABLE ? MISSING_UNREADABLE : REAL;
}

const SKIPPED = new Float32Array();

function readVector(reader: ByteReader): Float32Array {
  if (reader.skipsVectors) return skipVector(reader);
  const length = reader.uint();
  if (length > reader.left * LONGEST_RUN) reader.fail(`vector of ${length} values`);
  const values = new Float32Array(length);
  let start = 0;
  while (start < values.length) {
    const head = reader.byte();
    const end = start + (head & 31) + 1;
    if (end > values.length) reader.fail('run beyond the end of the vector');
    fillRun(reader, head >> 5, values.subarray(start, end));
    start = end;
  }
  return values;
}

function skipVector(reader: ByteReader): Float32Array {
  for (let left = reader.uint(); left > 0;) {
    const head = reader.byte();
    const length = (head & 31) + 1;
    if (head >> 5 === INTEGER) reader.skipUints(length);
    else if (head >> 5 === REAL) reader.skip(length * Float32Array.BYTES_PER_ELEMENT);
    left -= length;
  }
  return SKIPPED;
}

function fillRun(reader: ByteReader, kind: number, run: Float32Array): void {
  const constant = CONSTANTS[kind];
  if (constant !== undefined) run.fill(constant);
  else if (kind === INTEGER) for (let i = 0; i < run.length; i++) run[i] = reader.uint();
  else if (kind === REAL) for (let i = 0; i < run.length; i++) run[i] = reader.float32();
  else reader.fail(`vector run of the unknown kind ${kind}`);
}
