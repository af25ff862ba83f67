/**
 * `vouch erase`: takes what the log knows of one person's card, device, address or account out of it
 * (P1). Facts, balances and the chain stay; an event names the parts that are gone.
 *
 * The event comes first: it is the durable list of what has to go, and the read models forget it. If the program ends before all of
 * it is gone, `vouch verify` reports what is still there, and the next erasure begins with that.
 *
 * It writes in the data folder and so takes its lock; a server that runs does the same when it is asked
 * (`POST /v1/erasures`). Labels keep their effect on features; a list entry about the subject has to be
 * removed from its list before.
 */
import { randomBytes } from 'node:crypto';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { decodeRow, encodeRow } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, ErasedPart } from '#src/domain/events.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import type { EventLog } from '#src/ports/event-log.ts';
import { subjectOf, SUBJECT_KINDS, type Subject, type SubjectParts } from '#src/ports/subject.ts';
import { LogRecords } from '#src/projections/log-records.ts';
import { ProjectionReader } from '#src/projections/projection-reader.ts';
import { Projection } from '#src/projections/projection.ts';
import { findSubjectParts, recordedErasures } from '#src/projections/subject-records.ts';
import { eraseParts } from '#src/shard/erase-parts.ts';
import { dataFolder } from './data-folder.ts';
import { assertNotMoved } from './moved-folder.ts';

export interface EraseOptions {
  readonly dataFolder: string;
  readonly subject: Subject;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface EraseReport {
  /** Personal parts that are gone now. */
  readonly parts: number;
  /** False: a copy still stands in a journal file because a reader was using it; run the command again. */
  readonly scrubbed: boolean;
  /** Entries that still stand on a list and were left. */
  readonly standing: SubjectParts['standing'];
}

/** Reads `card:c_1`, `device:d_1`, `ip:203.0.113.7`, `account:customer:1`; undefined when it is none of them. */
export function parseSubject(text: string): Subject | undefined {
  const kind = SUBJECT_KINDS.find((each) => text.startsWith(`${each}:`));
  if (!kind) return undefined;
  return subjectOf(kind, text.slice(kind.length + 1));
}

/** @throws DataFolderLocked while a server runs, FolderMovedError, EventLogError when the log cannot be read or written. */
export async function runErase(options: EraseOptions): Promise<EraseReport> {
  const folder = dataFolder(options.dataFolder);
  assertNotMoved(folder.path);
  const existing = await openSqliteEventLogReader(folder.log);
  const { identity } = existing;
  await existing.close();
  const lock = acquireDataFolderLock(folder.path);
  try {
    const log = await openSqliteEventLog({ path: folder.log })(identity);
    try {
      return await eraseIn(log, folder.projections, options);
    } finally {
      await log.close();
    }
  } finally {
    lock.release();
  }
}

async function eraseIn(log: EventLog, storeFolder: string, options: EraseOptions): Promise<EraseReport> {
  const store = await openLevelDbStateStore(storeFolder);
  try {
    const seedIfNew = { high: randomBytes(4).readUInt32LE(), low: randomBytes(4).readUInt32LE() };
    const projection = await Projection.open({ store, log, seedIfNew });
    const reader = new ProjectionReader({ projection, log, waitMs: 0, after: () => () => undefined });
    await reader.advance((await log.head()).position);
    const records = new LogRecords(log);
    const { parts, standing } = await findSubjectParts(projection, records, options.subject);
    if (parts.length > 0) {
      await recordErasure(log, parts, options);
      await reader.advance((await log.head()).position);
    }
    const erased = await eraseParts(log, await recordedErasures(projection, records));
    return { ...erased, standing };
  } finally {
    await store.close();
  }
}

async function recordErasure(
  log: EventLog,
  parts: readonly ErasedPart[],
  { reason, now }: EraseOptions,
): Promise<void> {
  const head = await log.head();
  const [newest] = await log.read({ from: head.position, maxRows: 1 });
  const last = newest && decodeRow(newest.body).at(-1);
  if (!last) throw new Error('a log with personal parts has no records');
  const record: CommandRecord = {
    input: last.input + 1,
    shardTime: Math.max(last.shardTime, now),
    actor: 'system',
    cause: 'RecordErasure',
    events: [{ type: 'PersonalDataErased', reason, parts }],
  };
  await log.append(sealRow({ identity: log.identity, head, body: encodeRow([record]), personal: null }));
}
