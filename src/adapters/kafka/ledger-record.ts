/**
 * What a ledger at a broker is: its id and its number of shards, in the first record of a topic of its own.
 * Written once, by whoever comes first; all others read it, and what their configuration says must agree.
 *
 * A ledger that another one is moved into has records behind that one: that it has begun, and that it is
 * done. Between the two nobody may use it.
 */
import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { PartitionReads } from './partition-reads.ts';
import type { TopicNames } from './topic-names.ts';
import { TransactionalWriter } from './transactional-writer.ts';

export interface LedgerRecord {
  readonly ledgerId: string;
  readonly shards: number;
  /** The ledger that was moved into this one. */
  readonly origin?: LedgerOrigin;
}

/** A ledger in one process, as far as it is moved. */
export interface LedgerOrigin {
  readonly ledgerId: string;
  readonly position: number;
  /** Hash of the row at that position, in hex. */
  readonly hash: string;
  /** False from when it has begun until all of it is there. */
  readonly isComplete: boolean;
}

export interface LedgerRecordSettings {
  readonly kafka: Kafka;
  readonly topics: Pick<TopicNames, 'ledger'>;
  /** What transactional ids and groups begin with. */
  readonly prefix: string;
}

const FORMAT = 1;
/** Processes that begin at once shut each other out until one of them has finished. */
const WRITE_ATTEMPTS = 5;

/** The configuration is about another ledger than the one that is there. */
export class OtherLedgerError extends Error {
  override readonly name = 'OtherLedgerError';
  readonly retryable = false;
}

/**
 * The ledger that is there; made with `ifNew` where there is none.
 * @throws OtherLedgerError when it has another number of shards.
 */
export async function openLedgerRecord(
  settings: LedgerRecordSettings,
  ifNew: LedgerRecord,
): Promise<LedgerRecord> {
  const record = await findLedgerRecord(settings, ifNew);
  if (record.origin?.isComplete !== false) return record;
  throw new OtherLedgerError(
    `the ledger ${record.origin.ledgerId} is being moved into this one, or that was interrupted: run ` +
      '"vouch cluster import" again, with the same data folder, until it says that all of it is there',
  );
}

/** The same, also while another ledger is moved into it. */
export async function findLedgerRecord(
  settings: LedgerRecordSettings,
  ifNew: LedgerRecord,
): Promise<LedgerRecord> {
  const found = await readLedgerRecord(settings);
  const record = found ?? (await writeOrRead(settings, ifNew));
  if (record.shards === ifNew.shards) return record;
  throw new OtherLedgerError(
    `the ledger was made with ${record.shards} shards, the configuration says ${ifNew.shards}. The number is fixed ` +
      'when a ledger is made, because accounts and ids would be looked for in other shards than those that have them',
  );
}

/** Says behind the first record how far another ledger is moved into this one. */
export async function writeLedgerOrigin(
  settings: LedgerRecordSettings,
  { ledgerId, shards }: LedgerRecord,
  origin: LedgerOrigin,
): Promise<void> {
  await write(settings, { ledgerId, shards, origin });
}

/** Undefined where no ledger was made. @throws OtherLedgerError for a record of an unknown format. */
export async function readLedgerRecord({
  kafka,
  topics,
}: LedgerRecordSettings): Promise<LedgerRecord | undefined> {
  const topic = topics.ledger;
  const reads = await PartitionReads.open({
    kafka,
    groupId: `${topic}.${randomUUID()}`,
    isAlone: true,
    topics: [topic],
  });
  const values: (Buffer | null)[] = [];
  try {
    await reads.readToEnd({
      topic,
      partition: 0,
      from: 0,
      onMessages: (messages) => values.push(...messages.map(({ value }) => value)),
    });
  } finally {
    await reads.close();
  }
  const records = values.flatMap((value) => (value ? [parse(value, topic)] : []));
  const [first] = records;
  // Of whoever came first; what stands behind it and is of another ledger lost the race.
  const origin = records.findLast((record) => record.ledgerId === first?.ledgerId && record.origin)?.origin;
  return first && origin ? { ...first, origin } : first;
}

/** Whoever is shut out by another that writes at the same time reads what that one wrote. */
async function writeOrRead(settings: LedgerRecordSettings, ifNew: LedgerRecord): Promise<LedgerRecord> {
  let failure: unknown;
  for (let attempt = 0; attempt < WRITE_ATTEMPTS; attempt++) {
    await write(settings, ifNew).catch((error: unknown) => (failure = error));
    const record = await readLedgerRecord(settings);
    if (record) return record;
  }
  throw new Error(`${settings.topics.ledger} has no record after one was written`, { cause: failure });
}

/**
 * Two at once: the broker lets only the one finish that was opened last, and the first record counts.
 * A record is seen only when the broker has marked its transaction as committed, a little after it said
 * so; it gives the transactional id to somebody else only after that.
 */
async function write({ kafka, topics, prefix }: LedgerRecordSettings, record: LedgerRecord): Promise<void> {
  const settings = { kafka, transactionalId: `${prefix}.ledger`, groupId: prefix };
  const writer = await TransactionalWriter.open(settings);
  const value = JSON.stringify({ format: FORMAT, ...record });
  const records = [{ topic: topics.ledger, messages: [{ partition: 0, value }] }];
  try {
    await writer.commit({ records, offsets: [] });
  } finally {
    await writer.close();
  }
  await (await TransactionalWriter.open(settings)).close();
}

function parse(value: Buffer, topic: string): LedgerRecord {
  const { format, ledgerId, shards, origin } = JSON.parse(value.toString()) as Record<string, unknown>;
  const isKnown = format === FORMAT && typeof ledgerId === 'string' && typeof shards === 'number';
  if (!isKnown || !(origin === undefined || isOrigin(origin)))
    throw new OtherLedgerError(`the record in ${topic} is not of a format that this version of Vouch knows`);
  return { ledgerId, shards, ...(origin === undefined ? {} : { origin }) };
}

function isOrigin(value: unknown): value is LedgerOrigin {
  if (typeof value !== 'object' || value === null) return false;
  const { ledgerId, position, hash, isComplete } = value as Record<string, unknown>;
  const isPlace = typeof ledgerId === 'string' && typeof position === 'number';
  return isPlace && typeof hash === 'string' && typeof isComplete === 'boolean';
}
