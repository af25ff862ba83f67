/**
 * Months of payments through one shard: does it stay as fast as on the first day, in bounded memory,
 * and how long is a restart?
 *
 *     node test/bench/soak-bench.ts [--payments 10000000] [--days 60] [--accounts 200000]
 *
 * In process and on one thread, batches of 1,024, everything durable. It does not measure HTTP or
 * projections. Run `node src/main.ts verify` on the folder afterwards with `--keep`.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import { benchReader, openBenchShard, runBenchBatch, Stopwatch, type BenchShard } from './bench-shard.ts';
import { machineLine } from './machine.ts';
import { PaymentBodies } from './payment-bodies.ts';

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '10000000' },
    days: { type: 'string', default: '60' },
    accounts: { type: 'string', default: '200000' },
    keep: { type: 'boolean', default: false },
  },
});
const payments = Number(values.payments);
const BATCH = 1_024;
const SEGMENTS = 10;
const DAY_MS = 86_400_000;
const MIB = 1024 ** 2;

interface Segment {
  readonly paymentsPerSecond: number;
  readonly longestBatchMs: number;
  readonly residentMib: number;
}

async function playSegment(
  next: () => CommandEnvelope,
  { resources }: BenchShard,
  waiting: CommandEnvelope[],
): Promise<Segment> {
  const watch = new Stopwatch();
  let done = 0;
  let wallMs = 0;
  let longestBatchMs = 0;
  while (done < payments / SEGMENTS) {
    while (waiting.length < BATCH) waiting.push(next());
    const started = performance.now();
    const { taken } = await runBenchBatch(waiting, resources, watch);
    const batchMs = performance.now() - started;
    waiting.splice(0, taken);
    done += taken;
    wallMs += batchMs;
    longestBatchMs = Math.max(longestBatchMs, batchMs);
  }
  return {
    paymentsPerSecond: (done / wallMs) * 1_000,
    longestBatchMs,
    residentMib: process.memoryUsage().rss / MIB,
  };
}

function folderBytes(folder: string, name: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && join(entry.parentPath, entry.name).startsWith(join(folder, name)))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

async function timeOpening(
  folder: string,
): Promise<{ readonly shard: BenchShard; readonly seconds: number }> {
  const started = performance.now();
  const shard = await openBenchShard(folder);
  return { shard, seconds: (performance.now() - started) / 1_000 };
}

const folder = mkdtempSync(join(tmpdir(), 'vouch-soak-'));
console.log(
  `${machineLine()}; ${payments} payments over ${values.days} days, ${values.accounts} accounts; ${folder}`,
);
const first = await openBenchShard(folder);
const stepMs = (Number(values.days) * DAY_MS) / payments;
const bodies = new PaymentBodies({ seed: 1, accounts: Number(values.accounts), stepMs });
const next = benchReader(folder, first.settings, bodies);
const waiting: CommandEnvelope[] = [];
const segments: Segment[] = [];
for (let index = 1; index <= SEGMENTS; index++) {
  const segment = await playSegment(next, first, waiting);
  segments.push(segment);
  const { paymentsPerSecond, longestBatchMs, residentMib } = segment;
  console.log(
    `${index * SEGMENTS} %  ${paymentsPerSecond.toFixed(0)}/s  longest batch ${longestBatchMs.toFixed(0)} ms  ${residentMib.toFixed(0)} MiB`,
  );
}
const ratio = (segments.at(-1)?.paymentsPerSecond ?? NaN) / (segments[0]?.paymentsPerSecond ?? NaN);
console.log(`the last tenth at ${ratio.toFixed(2)} of the first's rate`);
await first.abandon();
const killed = await timeOpening(folder);
console.log(`ready ${killed.seconds.toFixed(1)} s after an end without a checkpoint`);
await killed.shard.close();
const stopped = await timeOpening(folder);
console.log(`ready ${stopped.seconds.toFixed(1)} s after an orderly end`);
await stopped.shard.close();
for (const name of ['log.db', 'state', 'histories']) {
  console.log(`${name}: ${(folderBytes(folder, name) / payments).toFixed(0)} bytes a payment`);
}
if (!values.keep) rmSync(folder, { recursive: true, force: true });
