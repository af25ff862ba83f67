import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * The published files that metrics and features are checked against are not part of the project:
 * `VOUCH_HANDBOOK_DATA` names their folder. Undefined where they are not to be had.
 */
export function handbookFolder(): string | undefined {
  const folder = process.env['VOUCH_HANDBOOK_DATA'] ?? path.resolve('..', 'shared', 'data', 'handbook');
  return existsSync(folder) ? folder : undefined;
}

/** A CSV file of numbers, gzipped or not, as one list of values for each column. */
export function numberColumns(file: string): Readonly<Record<string, Float64Array>> {
  const raw = readFileSync(file);
  const [header = '', ...lines] = (file.endsWith('.gz') ? gunzipSync(raw) : raw)
    .toString()
    .trim()
    .split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  return Object.fromEntries(
    header
      .trim()
      .split(',')
      .map((name, at) => [name, Float64Array.from(rows, (row) => row[at] ?? NaN)]),
  );
}
