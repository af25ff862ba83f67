/** Flips one byte in a copy of a log, beside a payment's id, as somebody would who wants another amount there. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** The database and its journal; whichever holds the payment is changed. */
const SUFFIXES = ['', '-wal'];

export interface FlippedByte {
  /** The copy, a data folder of its own. */
  readonly folder: string;
  readonly file: string;
  readonly offset: number;
}

/** @throws when the payment stands in neither file. */
export async function flipByteOfCopy(
  logFile: string,
  copyFolder: string,
  paymentId: string,
): Promise<FlippedByte> {
  await mkdir(copyFolder, { recursive: true });
  for (const suffix of SUFFIXES) {
    if (existsSync(logFile + suffix))
      await copyFile(logFile + suffix, join(copyFolder, basename(logFile) + suffix));
  }
  for (const suffix of SUFFIXES) {
    const file = join(copyFolder, basename(logFile) + suffix);
    const bytes = existsSync(file) ? await readFile(file) : Buffer.alloc(0);
    const found = bytes.lastIndexOf(paymentId);
    if (found < 0) continue;
    const offset = found + paymentId.length;
    bytes[offset] = (bytes[offset] ?? 0) ^ 1;
    await writeFile(file, bytes);
    return { folder: copyFolder, file, offset };
  }
  throw new Error(`payment ${paymentId} is not in the log`);
}
