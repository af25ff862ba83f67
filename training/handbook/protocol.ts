/**
 * The published protocol: train on 7 days, wait 7 days for labels, test on 7 days. From the test set
 * go all cards that had a fraud in the training week or are known to be compromised by seven days
 * and one before the day that is tested. Training may look further back than its week, never later.
 */
import { DAY_SECONDS, FIRST_DAY } from '#training/handbook/transactions.ts';
import type { Transactions } from '#training/handbook/transactions.ts';

export const LABEL_DELAY_DAYS = 7;
export const TRAIN_DAYS = 7;
export const TEST_DAYS = 7;

export interface Fold {
  readonly trainStart: string;
  readonly trainRows: Uint32Array;
  readonly testRows: Uint32Array;
}

export class FoldError extends Error {
  override readonly name = 'FoldError';
}

/** Days since the first day of the data. */
export function dayOf(date: string): number {
  const days =
    (Date.parse(`${date}T00:00:00Z`) - Date.parse(`${FIRST_DAY}T00:00:00Z`)) / (DAY_SECONDS * 1000);
  if (!Number.isInteger(days) || days < 0)
    throw new FoldError(`${date} is not a date (YYYY-MM-DD) from ${FIRST_DAY} on`);
  return days;
}

function rowsOfDays(transactions: Transactions, firstDay: number, endDay: number): Uint32Array {
  const first = transactions.seconds.findIndex((second) => second >= firstDay * DAY_SECONDS);
  const end = transactions.seconds.findIndex((second) => second >= endDay * DAY_SECONDS);
  const stop = end < 0 ? transactions.rows : end;
  return Uint32Array.from({ length: first < 0 ? 0 : stop - first }, (_, place) => first + place);
}

function compromisedCards(transactions: Transactions, rows: Uint32Array): ReadonlySet<number> {
  return new Set(
    Array.from(
      rows.filter((row) => transactions.frauds[row] === 1),
      (row) => transactions.cards[row] as number,
    ),
  );
}

function testRows(transactions: Transactions, trainDay: number): Uint32Array {
  const known = new Set(
    compromisedCards(transactions, rowsOfDays(transactions, trainDay, trainDay + TRAIN_DAYS)),
  );
  const rows: number[] = [];
  for (let offset = 0; offset < TEST_DAYS; offset++) {
    const knownDay = trainDay + TRAIN_DAYS + offset - 1;
    for (const card of compromisedCards(transactions, rowsOfDays(transactions, knownDay, knownDay + 1)))
      known.add(card);
    const testDay = trainDay + TRAIN_DAYS + LABEL_DELAY_DAYS + offset;
    const day = rowsOfDays(transactions, testDay, testDay + 1);
    rows.push(...day.filter((row) => !known.has(transactions.cards[row] as number)));
  }
  return Uint32Array.from(rows);
}

/** `historyDays` is how far back from the training week's end training looks; 7 is its week alone. */
export function createFold(transactions: Transactions, trainStart: string, historyDays: number): Fold {
  const trainDay = dayOf(trainStart);
  const endDay = trainDay + TRAIN_DAYS;
  const fold = {
    trainStart,
    trainRows: rowsOfDays(transactions, Math.max(0, endDay - Math.max(TRAIN_DAYS, historyDays)), endDay),
    testRows: testRows(transactions, trainDay),
  };
  const hasFrauds = (rows: Uint32Array): boolean => rows.some((row) => transactions.frauds[row] === 1);
  if (!hasFrauds(fold.trainRows) || !hasFrauds(fold.testRows)) {
    throw new FoldError(
      `the file has no frauds to train or to test on for the fold that starts on ${trainStart}`,
    );
  }
  return fold;
}
