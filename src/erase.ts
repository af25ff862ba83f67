/**
 * `vouch erase`: takes what the log knows of one person's card, device, address or account out of it
 * (P1). Facts, balances and the chain stay; an event names the parts that are gone.
 *
 * The parts go first and the event follows, so that the log never says of data that it is gone while
 * it is there. If the program ends between the two, `vouch verify` reports the parts as missing, and
 * the same command again finishes the work.
 *
 * It writes in the data folder and so takes its lock: a server has to be stopped first. Labels keep
 * their effect on features; a list entry about the subject has to be removed from its list before.
 */
import { randomBytes } from 'node:crypto';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import {
  decodePersonalParts,
  decodeRow,
  encodePersonalParts,
  encodeRow,
} from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, PersonalPartRef } from '#src/domain/events.ts';
import { formatIpAddress, parseIpAddress } from '#src/domain/ip-address.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { MAX_ERASED_ROWS, type EventLog } from '#src/ports/event-log.ts';
import { LogRecords } from '#src/projections/log-records.ts';
import { ProjectionReader } from '#src/projections/projection-reader.ts';
import { Projection } from '#src/projections/projection.ts';
import {
  findSubjectRecords,
  SUBJECT_KINDS,
  type Subject,
  type SubjectRecords,
} from '#src/projections/subject-records.ts';
import { dataFolder } from './data-folder.ts';

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
  readonly standing: SubjectRecords['standing'];
}

/** Reads `card:c_1`, `device:d_1`, `ip:203.0.113.7`, `account:customer:1`; undefined when it is none of them. */
export function parseSubject(text: string): Subject | undefined {
  const kind = SUBJECT_KINDS.find((each) => text.startsWith(`${each}:`));
  if (!kind) return undefined;
  const id = text.slice(kind.length + 1);
  if (kind !== 'ip') return id === '' ? undefined : { kind, id };
  const address = parseIpAddress(id);
  return address && { kind, id: formatIpAddress(address) };
}

/** @throws DataFolderLocked while a server runs, EventLogError when the log cannot be read or written. */
export async function runErase(options: EraseOptions): Promise<EraseReport> {
  const folder = dataFolder(options.dataFolder);
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
    const { inputs, standing } = await findSubjectRecords(projection, new LogRecords(log), options.subject);
    const parts = inputs.map((input): PersonalPartRef => {
      const { position, record } = projection.index.placeOf(input);
      return { position, record };
    });
    const scrubbed = await eraseParts(log, parts);
    if (parts.length > 0) await recordErasure(log, parts, options);
    await reader.advance((await log.head()).position);
    return { parts: parts.length, scrubbed, standing };
  } finally {
    await store.close();
  }
}

async function eraseParts(log: EventLog, parts: readonly PersonalPartRef[]): Promise<boolean> {
  const byPosition = Map.groupBy(parts, ({ position }) => position);
  const positions = [...byPosition.keys()];
  let scrubbed = true;
  for (let start = 0; start < positions.length || start === 0; start += MAX_ERASED_ROWS) {
    const outcome = await log.erasePersonal(
      positions.slice(start, start + MAX_ERASED_ROWS),
      (position, personal) => {
        const kept = new Map(decodePersonalParts(personal));
        for (const { record } of byPosition.get(position) ?? []) kept.delete(record);
        return encodePersonalParts(kept);
      },
    );
    scrubbed = outcome.scrubbed;
  }
  return scrubbed;
}

async function recordErasure(
  log: EventLog,
  parts: readonly PersonalPartRef[],
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
