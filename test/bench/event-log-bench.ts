/**
 * What making payments durable costs, per payment, by batch size: `node test/bench/event-log-bench.ts [SECONDS] [FOLDER]`.
 *
 * Measures: sealing (one SHA-256 for a row) and appending rows of synthetic bytes, one at a time, each synced
 * (WAL, `synchronous=FULL`), with the checkpoint thread at work. Does not measure: encoding, features, scoring,
 * projections, other load on the disk. FOLDER must be on the device that is asked about. Each batch size is
 * measured in turn with its floor: writing the same bytes to a plain file and syncing that.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { openSqliteEventLog } from '#src/adapters/sqlite/sqlite-event-log.ts';
import { sealRow } from '#src/journal/hash-chain.ts';

/** Bytes of a payment in the log: about 600, a quarter of them personal. */
const BODY_BYTES = 450;
const PERSONAL_BYTES = 150;

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

interface Measured {
  readonly commitMillis: readonly number[];
  readonly elapsedMillis: number;
}

async function repeat(seconds: number, commit: () => Promise<void> | void): Promise<Measured> {
  const commitMillis: number[] = [];
  const start = performance.now();
  while (performance.now() - start < seconds * 1_000) {
    const before = performance.now();
    await commit();
    commitMillis.push(performance.now() - before);
  }
  return {
    commitMillis: commitMillis.toSorted((left, right) => left - right),
    elapsedMillis: performance.now() - start,
  };
}

async function measureLog(batchSize: number, seconds: number, folder: string): Promise<Measured> {
  const log = await openSqliteEventLog({ path: join(folder, `log-${batchSize}.db`) })({
    ledgerId: 'bench',
    shard: 0,
  });
  const body = new Uint8Array(BODY_BYTES * batchSize).fill(3);
  const personal = new Uint8Array(PERSONAL_BYTES * batchSize).fill(4);
  const measured = await repeat(seconds, async () => {
    await log.append(sealRow({ identity: log.identity, head: await log.head(), body, personal }));
  });
  await log.close();
  return measured;
}

async function measureFloor(batchSize: number, seconds: number, folder: string): Promise<Measured> {
  const file = openSync(join(folder, `floor-${batchSize}`), 'w');
  const bytes = new Uint8Array((BODY_BYTES + PERSONAL_BYTES) * batchSize).fill(5);
  const measured = await repeat(seconds, () => {
    writeSync(file, bytes);
    fdatasyncSync(file);
  });
  closeSync(file);
  return measured;
}

function report(name: string, batchSize: number, { commitMillis, elapsedMillis }: Measured): void {
  const payments = commitMillis.length * batchSize;
  const [p50, p99, p999, max] = [0.5, 0.99, 0.999, 1].map((share) =>
    percentile(commitMillis, share).toFixed(2),
  );
  console.log(
    `${name} batch ${String(batchSize).padStart(4)}: ${((elapsedMillis * 1_000) / payments).toFixed(2)} us/payment, ` +
      `${Math.round((commitMillis.length / elapsedMillis) * 1_000)} rows/s, ` +
      `commit ms p50 ${p50} p99 ${p99} p99.9 ${p999} max ${max}`,
  );
}

const seconds = Number(process.argv[2] ?? 5);
const parent = process.argv[3] ?? tmpdir();
console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${parent}`,
);
const folder = mkdtempSync(join(parent, 'vouch-bench-'));
for (const batchSize of [1, 32, 1_024]) {
  report('log  ', batchSize, await measureLog(batchSize, seconds, folder));
  report('floor', batchSize, await measureFloor(batchSize, seconds, folder));
}
rmSync(folder, { recursive: true });
