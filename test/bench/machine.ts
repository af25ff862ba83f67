/** What a figure was measured on. */
import { cpus, totalmem } from 'node:os';

const GIB = 1024 ** 3;

export function machineLine(): string {
  const [cpu] = cpus();
  const memoryGib = Math.round(totalmem() / GIB);
  return `${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, ${memoryGib} GiB, Node.js ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}
