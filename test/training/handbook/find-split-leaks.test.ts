import { describe, expect, test } from 'vitest';
import { findSplitLeaks } from '#training/handbook/find-split-leaks.ts';
import { createFold, dayOf, TRAIN_DAYS } from '#training/handbook/protocol.ts';
import type { Fold } from '#training/handbook/protocol.ts';
import { suspectMeasures } from '#training/handbook/run-protocol.ts';
import { DAY_SECONDS } from '#training/handbook/transactions.ts';
import type { Transactions } from '#training/handbook/transactions.ts';
import { createRandom } from '#training/random.ts';
import { handbookPopulation } from '#test/support/handbook-population.ts';

const START = '2018-04-15';
const HISTORY_DAYS = 14;
const population = handbookPopulation({ seed: 1, customers: 500, terminals: 1000, days: 36 });
const fold = createFold(population, START, HISTORY_DAYS);

function dayOfRow({ seconds }: Transactions, row: number): number {
  return Math.floor((seconds[row] as number) / DAY_SECONDS);
}

/** As a fold of somebody who forgets to remove known cards. */
function withKnownCards(): Fold {
  const testDay = dayOf(START) + TRAIN_DAYS + 7;
  const all = Uint32Array.from({ length: population.rows }, (_, row) => row);
  const isInWeek = (day: number): boolean => day >= testDay && day < testDay + 7;
  return { ...fold, testRows: all.filter((row) => isInWeek(dayOfRow(population, row))) };
}

/** The same rows, dealt out anew at random: a split that does not know of time. */
function splitAtRandom(): Fold {
  const rows = Uint32Array.from([...fold.trainRows, ...fold.testRows]);
  createRandom(3).shuffle(rows);
  const trained = rows.subarray(0, fold.trainRows.length).toSorted();
  return { ...fold, trainRows: trained, testRows: rows.subarray(fold.trainRows.length).toSorted() };
}

describe('a fold of the published protocol', () => {
  test.each([1, 2, 3])('leaks nothing (population %i)', (seed) => {
    const other = handbookPopulation({ seed, customers: 300 + 100 * seed, terminals: 500 * seed, days: 36 });
    for (const start of ['2018-04-08', '2018-04-12', START])
      expect(findSplitLeaks(other, createFold(other, start, HISTORY_DAYS))).toEqual([]);
  });

  test('in which known cards were kept is found', () => {
    const kept = withKnownCards();
    const more = kept.testRows.length - fold.testRows.length;
    expect(more).toBeGreaterThan(0);
    expect(findSplitLeaks(population, kept)).toEqual([
      `${more} test rows of cards that are known to be compromised`,
    ]);
  });

  test('in which one single known card was kept is found', () => {
    const kept = withKnownCards().testRows.find((row) => !fold.testRows.includes(row)) as number;
    const testRows = Uint32Array.from([...fold.testRows, kept]).toSorted();
    expect(findSplitLeaks(population, { ...fold, testRows })).toEqual([
      '1 test rows of cards that are known to be compromised',
    ]);
  });

  test('that was split at random instead of by time is found, on both sides', () => {
    const found = findSplitLeaks(population, splitAtRandom()).join('\n');
    expect(found).toMatch(/training rows whose labels are not known when testing begins/);
    expect(found).toMatch(/test rows outside the test week/);
  });

  test('that learns from one day whose labels are not known yet is found', () => {
    const end = dayOf(START) + TRAIN_DAYS;
    const late = population.seconds.findIndex((second) => second >= end * DAY_SECONDS);
    const trainRows = Uint32Array.from([...fold.trainRows, late]);
    expect(findSplitLeaks(population, { ...fold, trainRows })).toEqual([
      '1 training rows whose labels are not known when testing begins',
    ]);
  });
});

describe('the measures that leaks were seen to give on the published data', () => {
  test.each([
    ['labels used before they are known', { auc: 0.972, ap: 0.883, cp100: 0.395 }, ['auc', 'ap', 'cp100']],
    ['known cards kept', { auc: 0.893, ap: 0.698, cp100: 0.427 }, ['cp100']],
    // No measure gives a random split away: the fold itself has to be read.
    ['a random split', { auc: 0.908, ap: 0.729, cp100: 0.158 }, []],
  ])('%s', (_, measures, suspects) => {
    expect(suspectMeasures(measures)).toEqual(suspects);
  });
});
