/** What every read works on, and how a read says where its next page begins. */
import { CursorInvalidError } from '#src/ports/ledger-queries.ts';
import type { LogRecords } from '#src/projections/log-records.ts';
import type { Projection } from '#src/projections/projection.ts';

export interface Reading {
  readonly projection: Projection;
  readonly records: LogRecords;
}

/** A cursor names the kind of page and the last thing on it. */
export function cursorOf(kind: string, ...numbers: readonly number[]): string {
  return [kind, ...numbers].join('.');
}

/** The numbers of a cursor of that kind; the given ones when there is none. */
export function readCursor<Numbers extends readonly number[]>(
  cursor: string | undefined,
  kind: string,
  ifNone: Numbers,
): Numbers | number[] {
  if (cursor === undefined) return ifNone;
  const [found, ...texts] = cursor.split('.');
  const numbers = texts.map(Number);
  const isValid = found === kind && numbers.length === ifNone.length && numbers.every(isPosition);
  if (!isValid) throw new CursorInvalidError(`"${cursor}" is not a cursor of these pages`);
  return numbers;
}

function isPosition(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
