/** The rows of the table below a heading of a Markdown page, for documents that are tests. */
import { readFileSync } from 'node:fs';

export type TableRow = Readonly<Record<string, string>>;

/** Cells by column name; `–` is an empty cell. The table is the first one after `## heading`. */
export function readTable(path: string, heading: string): readonly TableRow[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const from = lines.indexOf(`## ${heading}`);
  if (from < 0) throw new Error(`${path} has no heading "${heading}"`);
  const first = lines.findIndex((line, index) => index > from && line.startsWith('|'));
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  const [header = '', , ...rows] = lines.slice(first, first + length);
  const names = cellsOf(header);
  return rows.map((row) => rowOf(names, cellsOf(row)));
}

function rowOf(names: readonly string[], cells: readonly string[]): TableRow {
  const row: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const cell = cells[index] ?? '';
    row[name] = cell === '–' ? '' : cell;
  }
  return row;
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
