/**
 * What making payments durable costs, per payment, by batch size: `node test/bench/event-log-bench.ts [SECONDS] [FOLDER]`.
 *
 * Measures: sealing (one SHA-256 for a row) and appending rows of synthetic bytes, one at a time, each synced
 * (WAL, `synchronous=FULL`), with the checkpoint thread at work. Does not measure: encoding, features, scoring,
 * projections, other load on the disk. FOLDER must be on the device that is asked about.
 */
import { mkdtempSync, rmSync } from 'node:fs';
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

async function measure(batchSize: number, seconds: number, parent: string): Promise<void> {
  const folder = mkdtempSync(join(parent, 'vouch-bench-'));
  const log = await openSqliteEventLog({ path: join(folder, 'log.db') })({ ledgerId: 'bench', shard: 0 });
  const body = new Uint8Array(BODY_BYTES * batchSize).fill(3);
  const personal = new Uint8Array(PERSONAL_BYTES * batchSize).fill(4);
  const commitMillis: number[] = [];
  const start = performance.now();
  while (performance.now() - start < seconds * 1_000) {
    const before = performance.now();
    await log.append(sealRow({ identity: log.identity, head: await log.head(), body, personal }));
    commitMillis.push(performance.now() - before);
  }
  const elapsedMillis = performance.now() - start;
  commitMillis.sort((left, right) => left - right);
  const payments = commitMillis.length * batchSize;
  console.log(
    `batch ${String(batchSize).padStart(4)}: ${((elapsedMillis * 1_000) / payments).toFixed(2)} us/payment, ` +
      `${Math.round((commitMillis.length / elapsedMillis) * 1_000)} rows/s, ` +
      `${Math.round((payments / elapsedMillis) * 1_000)} payments/s, commit ms ` +
      `p50 ${percentile(commitMillis, 0.5).toFixed(2)} p99 ${percentile(commitMillis, 0.99).toFixed(2)} ` +
      `p99.9 ${percentile(commitMillis, 0.999).toFixed(2)} max ${percentile(commitMillis, 1).toFixed(2)}`,
  );
  await log.close();
  rmSync(folder, { recursive: true });
}

const seconds = Number(process.argv[2] ?? 5);
const parent = process.argv[3] ?? tmpdir();
console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}, ${parent}`,
);
for (const batchSize of [1, 32, 1_024]) await measure(batchSize, seconds, parent);
