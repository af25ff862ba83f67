import fc from 'fast-check';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLogStorage, openMemoryEventLog } from '#src/adapters/memory/memory-event-log.ts';
import { MirrorDivergedError, MirrorIntake, type ReadRow } from '#src/adapters/kafka/mirror-intake.ts';
import {
  personalRecord,
  readPersonalRecord,
  readRowRecord,
  rowRecord,
} from '#src/adapters/kafka/row-record.ts';
import { discardSqliteLogMirror, openSqliteLogMirror } from '#src/adapters/sqlite/sqlite-log-mirror.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import type { MirroredPersonal } from '#src/ports/log-mirror.ts';
import { appendRow, bytesOf, readAll, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { makeFolderInMemory, type TemporaryFolder } from '#test/support/temporary-folder.ts';

/** Rows of a log, every third without a personal part. */
async function sourceRows(count: number): Promise<readonly LogRow[]> {
  const log = await openMemoryEventLog(new MemoryLogStorage())(TEST_IDENTITY);
  const rows: LogRow[] = [];
  for (let n = 1; n <= count; n++) {
    const personal = n % 3 === 0 ? null : bytesOf(`personal of ${n}`);
    rows.push(await appendRow(log, { body: bytesOf(`body of ${n}`), personal }));
  }
  return rows;
}

/** The two topics as a broker would give them: offsets with gaps, as control records leave them. */
function topicsOf(rows: readonly LogRow[]) {
  const readRows = rows.map((row, index): ReadRow => ({
    offset: String(index * 2),
    row: readRowRecord({ value: rowRecord(row).value as Buffer }),
  }));
  const personal = rows.flatMap(({ position, personal: parts }) => {
    if (parts === null) return [];
    const { key, value } = personalRecord({ position, parts });
    return [readPersonalRecord({ key: Buffer.from(String(key)), value: value as Buffer })];
  });
  return { readRows, personal };
}

describe('rows and personal parts that come on two ways', () => {
  let folder: TemporaryFolder;
  let path: string;
  beforeEach(async () => {
    folder = await makeFolderInMemory();
    path = join(folder.path, 'mirror.db');
  });
  afterEach(() => folder.remove());

  const openIntake = async () => {
    const mirror = openSqliteLogMirror(path, TEST_IDENTITY);
    return { mirror, intake: await MirrorIntake.open(mirror) };
  };

  it('make the same mirror however they are cut, mixed and interrupted', async () => {
    const rows = await sourceRows(12);
    const { readRows, personal } = topicsOf(rows);
    const step = fc.constantFrom('row', 'personal', 'restart');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(step, fc.integer({ min: 1, max: 5 })), { maxLength: 40 }),
        async (steps) => {
          discardSqliteLogMirror(path);
          let open = await openIntake();
          for (const [kind, count] of [...steps, ['row', 99] as const, ['personal', 99] as const]) {
            const { intake, mirror } = open;
            if (kind === 'row') takeRows(intake, readRows, count);
            else if (kind === 'personal') takePersonal(intake, personal, count);
            else {
              await mirror.close();
              open = await openIntake();
            }
          }
          expect(await readAll(open.mirror)).toEqual(rows);
          await open.mirror.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('let a row wait for its personal part, and those behind it', async () => {
    const { readRows, personal } = topicsOf(await sourceRows(3));
    const { intake, mirror } = await openIntake();
    intake.takeRows(readRows, '6');
    expect([intake.position, intake.firstRow]).toEqual([0, '0']);
    intake.takePersonal(personal.slice(1), '2');
    expect(intake.position).toBe(0);
    intake.takePersonal(personal.slice(0, 1), '3');
    expect([intake.position, intake.firstRow]).toEqual([3, '6']);
    await mirror.close();
  });

  it('do not wait for a personal part that was erased before', async () => {
    const rows = await sourceRows(1);
    const { intake, mirror } = await openIntake();
    intake.takePersonal([{ position: 1, parts: new Uint8Array() }], '9');
    intake.takeRows(topicsOf(rows).readRows, '2');
    expect((await readAll(mirror)).map((row) => row.personal)).toEqual([null]);
    await mirror.close();
  });

  it('are refused when a row is not what its hash says, or follows another one', async () => {
    const { readRows } = topicsOf(await sourceRows(3));
    const [first, , third] = readRows;
    const { intake, mirror } = await openIntake();
    if (!first || !third) throw new Error('three rows were made');
    const forged = { ...first, row: { ...first.row, hasPersonal: false, body: bytesOf('forged') } };
    expect(() => intake.takeRows([forged], '1')).toThrow(MirrorDivergedError);
    await mirror.close();
    const again = await openIntake();
    expect(() => again.intake.takeRows([third], '6')).toThrow('row 3 does not continue row 0');
    await again.mirror.close();
  });
});

function takeRows(intake: MirrorIntake, rows: readonly ReadRow[], count: number): void {
  const from = rows.findIndex(({ offset }) => Number(offset) >= nextRowOf(intake));
  if (from === -1) return;
  const read = rows.slice(from, from + count);
  next.set(intake, Number(read.at(-1)?.offset) + 1);
  intake.takeRows(read, String(Number(read.at(-1)?.offset) + 1));
}

/** Where the reader of rows stands, which is ahead of what is stored while rows wait. */
const next = new WeakMap<MirrorIntake, number>();

function nextRowOf(intake: MirrorIntake): number {
  return next.get(intake) ?? Number(intake.firstRow);
}

function takePersonal(intake: MirrorIntake, personal: readonly MirroredPersonal[], count: number): void {
  const from = Number(intake.nextPersonal);
  const read = personal.slice(from, from + count);
  intake.takePersonal(read, String(from + read.length));
}
