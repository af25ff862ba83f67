import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createFold, dayOf, FoldError } from '#training/handbook/protocol.ts';
import { suspectMeasures } from '#training/handbook/run-protocol.ts';
import { createTerminalRecord } from '#training/handbook/terminal-record.ts';
import { streamFeatures } from '#training/handbook/stream-features.ts';
import { DAY_SECONDS, readTransactions, TransactionFileError } from '#training/handbook/transactions.ts';
import type { Transactions } from '#training/handbook/transactions.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'vouch-handbook-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const file = path.join(folder, 'transactions.csv');
  writeFileSync(file, text);
  return file;
}

/** One payment a day and card: [day, card, fraud]. */
function transactionsOf(list: readonly (readonly [number, number, 0 | 1])[]): Transactions {
  return {
    rows: list.length,
    seconds: Float64Array.from(list, ([day]) => day * DAY_SECONDS + 60),
    cards: Int32Array.from(list, ([, card]) => card),
    terminals: new Int32Array(list.length),
    amountsMinor: new Float64Array(list.length).fill(1000),
    frauds: Uint8Array.from(list, ([, , fraud]) => fraud),
  };
}

describe('reading transactions', () => {
  test('columns are found by name, further ones are ignored, and ids are numbered', async () => {
    const file = written(
      'fraud,extra,t_sec,amount,terminal_id,customer_id\n0,x,31,57.16,9000000,4\n1,y,130,0.1,9000000,7\n',
    );
    const transactions = await readTransactions(file);
    expect([...transactions.seconds]).toEqual([31, 130]);
    expect([...transactions.amountsMinor]).toEqual([5716, 10]);
    expect([...transactions.terminals]).toEqual([0, 0]);
    expect([...transactions.cards]).toEqual([0, 1]);
    expect([...transactions.frauds]).toEqual([0, 1]);
  });

  test.each([
    ['a missing column', 't_sec,customer_id,terminal_id,amount\n1,1,1,1\n', /no column fraud/],
    ['a cell that is no number', 't_sec,customer_id,terminal_id,amount,fraud\n1,1,1,abc,0\n', /line 2/],
    [
      'time that runs backwards',
      't_sec,customer_id,terminal_id,amount,fraud\n9,1,1,1,0\n8,1,1,1,0\n',
      /earlier/,
    ],
    [
      'a fraud that is neither',
      't_sec,customer_id,terminal_id,amount,fraud\n1,1,1,1,2\n',
      /line 2: fraud is 0 or 1/,
    ],
    ['an amount below zero', 't_sec,customer_id,terminal_id,amount,fraud\n1,1,1,-1,0\n', /line 2/],
    ['a line that ends early', 't_sec,customer_id,terminal_id,amount,fraud\n1,1,1\n', /line 2: nothing/],
    ['no transactions', 't_sec,customer_id,terminal_id,amount,fraud\n', /no transactions/],
  ])('%s is an error that says so', async (_, text, message) => {
    await expect(readTransactions(written(text))).rejects.toThrow(TransactionFileError);
    await expect(readTransactions(written(text))).rejects.toThrow(message);
  });

  test('ids may be words', async () => {
    const file = written(
      't_sec,customer_id,terminal_id,amount,fraud\n1,anna,t-1,1,0\n2,bo,t-1,1,0\n3,anna,t-2,1,0\n',
    );
    const { cards, terminals } = await readTransactions(file);
    expect([[...cards], [...terminals]]).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  test('a file that is not there or not what its name says is an error that says so', async () => {
    await expect(readTransactions('/nowhere/transactions.csv')).rejects.toThrow(/cannot be read/);
    await expect(readTransactions('/nowhere/transactions.csv.gz')).rejects.toThrow(TransactionFileError);
    const damaged = `${written('not packed at all')}.gz`;
    writeFileSync(damaged, 'not packed at all');
    await expect(readTransactions(damaged)).rejects.toThrow(/cannot be read/);
  });
});

describe('a fold', () => {
  const start = dayOf('2018-05-01');

  test('cards that are known to be compromised are not tested again', () => {
    const transactions = transactionsOf([
      [start + 3, 1, 1],
      [start + 10, 2, 1],
      [start + 14, 1, 1],
      [start + 14, 2, 1],
      [start + 18, 2, 1],
      [start + 18, 3, 0],
    ]);
    const { trainRows, testRows } = createFold(transactions, '2018-05-01', 7);
    expect([...trainRows]).toEqual([0]);
    expect([...testRows]).toEqual([3, 5]);
  });

  test('a fold without frauds, or outside the file, is an error', () => {
    expect(() => createFold(transactionsOf([[start, 1, 0]]), '2018-05-01', 7)).toThrow(FoldError);
    expect(() => dayOf('2017-01-01')).toThrow(FoldError);
  });
});

describe('labels', () => {
  test('a fraud changes nothing before its label can be known', () => {
    const honest = transactionsOf([
      [0, 1, 0],
      [3, 2, 0],
      [6, 3, 0],
      [7, 4, 0],
    ]);
    const fraudulent = transactionsOf([
      [0, 1, 1],
      [3, 2, 0],
      [6, 3, 0],
      [7, 4, 0],
    ]);
    const record = (transactions: Transactions) => {
      const { values, names } = streamFeatures(transactions, [createTerminalRecord(7 * DAY_SECONDS)]);
      return Array.from({ length: 4 }, (_, row) => [
        ...values.subarray(row * names.length, (row + 1) * names.length),
      ]);
    };
    expect(record(fraudulent).slice(0, 3)).toEqual(record(honest).slice(0, 3));
    expect(record(fraudulent)[3]).not.toEqual(record(honest)[3]);
  });

  test('measures that only a leak can reach are named', () => {
    expect(suspectMeasures({ auc: 0.88, ap: 0.73, cp100: 0.305 })).toEqual([]);
    expect(suspectMeasures({ auc: 0.972, ap: 0.883, cp100: 0.395 })).toEqual(['auc', 'ap', 'cp100']);
  });
});
