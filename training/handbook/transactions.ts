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

interface Line {
  readonly second: number;
  readonly card: string;
  readonly terminal: string;
  readonly amount: number;
  readonly fraud: number;
}

function parseLine(text: string, columns: readonly number[], lineNumber: number): Line {
  const cells = text.split(',');
  const [second = '', card = '', terminal = '', amount = '', fraud = ''] = columns.map(
    (place) => cells[place]?.trim() ?? '',
  );
  const problem = (what: string) => new TransactionFileError(`line ${lineNumber}: ${what}`);
  const numberOf = (cell: string): number => {
    const value = Number(cell);
    if (cell === '' || !Number.isFinite(value))
      throw problem(`${cell === '' ? 'nothing' : cell} is not a number`);
    return value;
  };
  if (card === '' || terminal === '') throw problem('a customer and a terminal are needed');
  const line = { second: numberOf(second), card, terminal, amount: numberOf(amount), fraud: numberOf(fraud) };
  if (line.second < 0 || line.amount < 0) throw problem('times and amounts are not below zero');
  if (line.fraud !== 0 && line.fraud !== 1) throw problem(`fraud is 0 or 1, not ${fraud}`);
  return line;
}

/** Numbers the values that occur from 0 on, in order of appearance: ids may be anything. */
function numbered(values: readonly string[]): Int32Array {
  const numberOf = new Map<string, number>();
  return Int32Array.from(values, (value) => {
    const known = numberOf.get(value);
    if (known !== undefined) return known;
    numberOf.set(value, numberOf.size);
    return numberOf.size - 1;
  });
}

/** The file's lines. Throws `TransactionFileError` when it is not there or cannot be unpacked. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file);
  const unpacked = createGunzip();
  const input = file.endsWith('.gz') ? raw.pipe(unpacked) : raw;
  // A pipe does not hand errors on, and lines do not hear of them.
  let failure: Error | undefined;
  raw.on('error', (error) => unpacked.destroy(error));
  for (const stream of [raw, unpacked]) stream.on('error', (error: Error) => (failure ??= error));
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } catch (error) {
    failure ??= error instanceof Error ? error : new Error(String(error));
  }
  if (failure !== undefined) throw new TransactionFileError(`${file} cannot be read: ${failure.message}`);
}

/** Throws `TransactionFileError` with the line when the file is not as described. */
export async function readTransactions(file: string): Promise<Transactions> {
  const lines: Line[] = [];
  let columns: readonly number[] | undefined;
  let lineNumber = 0;
  for await (const text of linesOf(file)) {
    lineNumber += 1;
    if (columns === undefined) columns = places(text);
    else if (text !== '') lines.push(parseLine(text, columns, lineNumber));
  }
  if (lines.length === 0) throw new TransactionFileError('the file has no transactions');
  lines.forEach(({ second }, row) => {
    if (second < (lines[row - 1]?.second ?? 0))
      throw new TransactionFileError(`transaction ${row + 1} is earlier than the one before it`);
  });
  return {
    rows: lines.length,
    seconds: Float64Array.from(lines, ({ second }) => second),
    cards: numbered(lines.map(({ card }) => card)),
    terminals: numbered(lines.map(({ terminal }) => terminal)),
    amountsMinor: Float64Array.from(lines, ({ amount }) => Math.round(amount * 100)),
    frauds: Uint8Array.from(lines, ({ fraud }) => fraud),
  };
}
