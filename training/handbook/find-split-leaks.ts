/**
 * Finds what a fold should not have: training rows whose labels nobody knows when testing begins, test
 * rows outside the test week (both come of a random split), and cards that are already known to be
 * compromised. Read from the data by the protocol's own words and not from how the fold was made, so
 * that a mistake there does not excuse itself here.
 */
import { dayOf, LABEL_DELAY_DAYS, TEST_DAYS, TRAIN_DAYS } from '#training/handbook/protocol.ts';
import type { Fold } from '#training/handbook/protocol.ts';
import { DAY_SECONDS } from '#training/handbook/transactions.ts';
import type { Transactions } from '#training/handbook/transactions.ts';

/** For each card with a fraud from that day on, the day of the first. */
function firstFraudDays(
  { rows, seconds, cards, frauds }: Transactions,
  fromDay: number,
): Map<number, number> {
  const days = new Map<number, number>();
  for (let row = 0; row < rows; row++) {
    const day = Math.floor((seconds[row] as number) / DAY_SECONDS);
    const card = cards[row] as number;
    if (frauds[row] === 1 && day >= fromDay && !days.has(card)) days.set(card, day);
  }
  return days;
}

/** In words, with the number of rows; none when the fold is as the protocol says. */
export function findSplitLeaks(
  transactions: Transactions,
  { trainStart, trainRows, testRows }: Fold,
): readonly string[] {
  const trainDay = dayOf(trainStart);
  const testDay = trainDay + TRAIN_DAYS + LABEL_DELAY_DAYS;
  const dayOfRow = (row: number): number => Math.floor((transactions.seconds[row] as number) / DAY_SECONDS);
  const firstFraud = firstFraudDays(transactions, trainDay);
  const isKnown = (row: number): boolean =>
    (firstFraud.get(transactions.cards[row] as number) ?? Infinity) < dayOfRow(row) - LABEL_DELAY_DAYS;
  const findings = [
    {
      rows: trainRows.filter((row) => dayOfRow(row) >= testDay - LABEL_DELAY_DAYS),
      what: 'training rows whose labels are not known when testing begins',
    },
    {
      rows: testRows.filter((row) => dayOfRow(row) < testDay || dayOfRow(row) >= testDay + TEST_DAYS),
      what: 'test rows outside the test week',
    },
    { rows: testRows.filter(isKnown), what: 'test rows of cards that are known to be compromised' },
  ];
  return findings.flatMap(({ rows, what }) => (rows.length > 0 ? [`${rows.length} ${what}`] : []));
}
