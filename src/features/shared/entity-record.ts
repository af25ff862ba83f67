/**
 * A record of an entity's shared log: a row of its history, or a signal, in 48 bytes, little endian.
 *
 * | bytes | what |
 * |---|---|
 * | 0–3 | bits 0–3 kind, 4–6 version, 7 first seen card, 11–31 of a posting: when its payment was made |
 * | 4–7 | traits of the payment |
 * | 8–13 | time: feature time of an attempt, shard time of an outcome, ms since 1970 |
 * | 14–15 | the shard that appended it |
 * | 16–21 | amount in the reference currency plus one, 0 without a rate; of a label its payment's feature time plus one |
 * | 22–23 | origin, of which an outcome that is told again has the same |
 * | 24–39 | four attributes |
 * | 40–47 | the payment's id; 0 where there is none |
 *
 * Everything personal in it is a keyed hash.
 */
import { RECORD_BYTES } from '#src/ports/entity-log-store.ts';
import type { Origin } from '#src/ports/feature-stage.ts';
import { ROW_KIND } from '#src/features/history/history-row.ts';
import type { HistoryRow } from '#src/features/history/history-row.ts';
import { ROW_FLAG } from '#src/features/history/layout.ts';

const VERSION = 1;
const VERSION_SHIFT = 4;
const VERSION_MASK = 0x7 << VERSION_SHIFT;
/** What a history notes in a row for itself. */
const LOCAL_FLAGS = VERSION_MASK | ROW_FLAG.unsaved | ROW_FLAG.onPosted | ROW_FLAG.inHead;
/** Beside those of `ROW_KIND`: the first attribute says which signal. */
export const SIGNAL_RECORD = 7;
const HALF = 2 ** 32;
const LOW_16 = 0xffff;

const bytes = new Uint8Array(RECORD_BYTES);
const words = new Uint32Array(bytes.buffer);

export interface RecordSource {
  readonly shard: number;
  /** 0 for an attempt, of which there is one for each payment. */
  readonly origin: Origin;
}

export function writeRecord(row: HistoryRow, { shard, origin }: RecordSource): Uint8Array {
  words[0] = (row.flags & ~LOCAL_FLAGS) | (VERSION << VERSION_SHIFT);
  words[1] = row.traits;
  words[2] = row.time % HALF;
  words[3] = Math.floor(row.time / HALF) | (shard << 16);
  words[4] = (row.amount + 1) % HALF;
  words[5] = Math.floor((row.amount + 1) / HALF) | ((origin & LOW_16) << 16);
  words.set(row.attributes, 6);
  words[10] = row.idLow;
  words[11] = row.idHigh;
  return bytes.slice();
}

export interface EntityRecord extends HistoryRow {
  shard: number;
  origin: number;
}

export function emptyRecord(): EntityRecord {
  return {
    time: 0,
    amount: 0,
    attributes: new Uint32Array(4),
    flags: 0,
    traits: 0,
    idLow: 0,
    idHigh: 0,
    shard: 0,
    origin: 0,
  };
}

/** @throws RangeError for a version that is not known here. */
export function readRecord(log: Uint8Array, at: number, record: EntityRecord): void {
  for (let byte = 0; byte < RECORD_BYTES; byte++) bytes[byte] = log[at + byte] ?? 0;
  const [flags = 0, traits = 0, timeLow = 0, timeHigh = 0, amountLow = 0, amountHigh = 0] = words;
  const version = (flags & VERSION_MASK) >>> VERSION_SHIFT;
  if (version !== VERSION) throw new RangeError(`a history has a record of version ${version}`);
  record.flags = flags & ~LOCAL_FLAGS;
  record.traits = traits;
  record.time = timeLow + (timeHigh & LOW_16) * HALF;
  record.shard = timeHigh >>> 16;
  record.amount = amountLow + (amountHigh & LOW_16) * HALF - 1;
  record.origin = amountHigh >>> 16;
  for (let attribute = 0; attribute < 4; attribute++)
    record.attributes[attribute] = words[6 + attribute] ?? 0;
  record.idLow = words[10] ?? 0;
  record.idHigh = words[11] ?? 0;
}

export function kindOf({ flags }: Pick<EntityRecord, 'flags'>): number {
  return flags & ROW_FLAG.kindMask;
}

/** The same for a record that was told again, hardly ever for two different ones (one pair in 2^32). Never 0. */
export function fingerprint(record: EntityRecord): number {
  const kind = kindOf(record);
  const moment = kind === ROW_KIND.attempt ? 0 : record.time % HALF;
  let hash = Math.imul(record.idLow, 0x9e3779b1) ^ Math.imul(record.idHigh, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae3d) ^ Math.imul((kind << 16) | record.origin, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 13), 0x165667b1) ^ Math.imul(moment, 0x9e3779b1);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}
