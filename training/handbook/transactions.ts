/**
 * Card transactions in the form that the Fraud Detection Handbook publishes them in (Le Borgne,
 * Siblini, Lebichot, Bontempi; Université libre de Bruxelles): a CSV file, gzipped or not, with
 * `t_sec,customer_id,terminal_id,amount,fraud`, in time order. Further columns are ignored. The data
 * are not part of this project: get them from their authors (repository `simulated-data-raw`).
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

export const DAY_SECONDS = 86_400;
/** What `t_sec` counts from. */
export const FIRST_DAY = '2018-04-01';

const COLUMNS = ['t_sec', 'customer_id', 'terminal_id', 'amount', 'fraud'] as const;

export interface Transactions {
  readonly rows: number;
  readonly seconds: Float64Array;
  readonly cards: Int32Array;
  readonly terminals: Int32Array;
  /** In cents, so that sums are exact. */
  readonly amountsMinor: Float64Array;
  readonly frauds: Uint8Array;
}

export class TransactionFileError extends Error {
  override readonly name = 'TransactionFileError';
}

function places(header: string): readonly number[] {
  const names = header.trim().split(',');
  return COLUMNS.map((column) => {
    const place = names.indexOf(column);
    if (place < 0)
      throw new TransactionFileError(`the file has no column ${column}; it has: ${names.join(', ')}`);
    return place;
  });
}

function parseLine(line: string, columns: readonly number[], lineNumber: number): readonly number[] {
  const cells = line.split(',');
  return columns.map((place) => {
    const value = Number(cells[place]);
    if (cells[place] === '' || !Number.isFinite(value)) {
      throw new TransactionFileError(`line ${lineNumber}: ${cells[place] ?? 'nothing'} is not a number`);
    }
    return value;
  });
}

/** Numbers the values that occur from 0 on, in order of appearance: ids may be any numbers. */
function numbered(values: readonly number[]): Int32Array {
  const numberOf = new Map<number, number>();
  return Int32Array.from(values, (value) => {
    const known = numberOf.get(value);
    if (known !== undefined) return known;
    numberOf.set(value, numberOf.size);
    return numberOf.size - 1;
  });
}

/** Throws `TransactionFileError` with the line when the file is not as described. */
export async function readTransactions(file: string): Promise<Transactions> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  const lists: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
  let columns: readonly number[] | undefined;
  let lineNumber = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    lineNumber += 1;
    if (columns === undefined) columns = places(line);
    else if (line !== '') parseLine(line, columns, lineNumber).forEach((value, at) => lists[at]?.push(value));
  }
  const [seconds, cards, terminals, amounts, frauds] = lists;
  if (seconds.length === 0) throw new TransactionFileError('the file has no transactions');
  seconds.forEach((second, row) => {
    if (second < (seconds[row - 1] ?? 0))
      throw new TransactionFileError(`transaction ${row + 1} is earlier than the one before it`);
  });
  return {
    rows: seconds.length,
    seconds: Float64Array.from(seconds),
    cards: numbered(cards),
    terminals: numbered(terminals),
    amountsMinor: Float64Array.from(amounts, (amount) => Math.round(amount * 100)),
    frauds: Uint8Array.from(frauds),
  };
}
