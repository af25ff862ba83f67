/** Pages of the log itself: all its events, or its journal transactions. */
import { decodePlacedRow } from '#src/domain/encoding/row-codec.ts';
import type { EventLogReader } from '#src/ports/event-log.ts';
import type { LogPage, PageOptions } from '#src/ports/ledger-queries.ts';
import type { EventView, TransactionView } from '#src/ports/ledger-views.ts';
import type { Projection } from '#src/projections/projection.ts';
import { sourceOf, transactionOf } from '#src/projections/record-terms.ts';
import { cursorOf, readCursor } from './reading.ts';

export interface LogReading {
  readonly projection: Projection;
  readonly log: EventLogReader;
}

/** A page that found less than it may hold after so many rows ends there; the next one goes on. */
const ROWS_READ_MAX = 256;

export function readEvents(reading: LogReading, options: PageOptions): Promise<LogPage<EventView>> {
  return readLog(reading, options, { cursor: 'events', pick: (event) => event });
}

export function readJournal(reading: LogReading, options: PageOptions): Promise<LogPage<TransactionView>> {
  return readLog(reading, options, { cursor: 'journal', pick: transactionView });
}

function transactionView({ event, position, at }: EventView): TransactionView | undefined {
  const transaction = transactionOf(event);
  return transaction && { ...transaction, position, at, ...sourceOf(event) };
}

interface PageKind<Item> {
  readonly cursor: string;
  /** What the page takes from an event; undefined leaves it out. */
  readonly pick: (event: EventView) => Item | undefined;
}

/** Begins behind the cursor: the position of a row, and how many of its events were seen. */
async function readLog<Item>(
  reading: LogReading,
  { after, limit }: PageOptions,
  { cursor, pick }: PageKind<Item>,
): Promise<LogPage<Item>> {
  let [position = 1, seen = 0] = readCursor(after, cursor, [1, 0]);
  const items: Item[] = [];
  const cursors: string[] = [];
  for await (const event of eventsFrom(reading, position)) {
    if (event.position === position && event.index < seen) continue;
    position = event.position;
    seen = event.index + 1;
    const item = pick(event);
    if (item !== undefined) {
      items.push(item);
      cursors.push(cursorOf(cursor, position, seen));
    }
    if (items.length >= limit) break;
  }
  return { items, cursors, next: cursorOf(cursor, position, seen) };
}

/** The events of the rows from that position on, up to the position of the projection. */
async function* eventsFrom({ projection, log }: LogReading, first: number): AsyncGenerator<EventView> {
  const last = Math.min(projection.position, first + ROWS_READ_MAX - 1);
  for (let position = first; position <= last; position++) {
    const [row] = await log.read({ from: position, maxRows: 1, withPersonal: false });
    if (!row) return;
    let index = 0;
    for (const { record } of decodePlacedRow(row.body)) {
      const { input, shardTime: at, actor, cause } = record;
      for (const event of record.events) yield { position, index: index++, input, at, actor, cause, event };
    }
  }
}
