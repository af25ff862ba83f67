/**
 * From parsed command to durable log in one process and on one thread: look-up of the id, every
 * feature of six entities, the model, decision, stored vector, SQLite with synchronous=FULL.
 *
 *     node test/bench/pipeline-bench.ts [--payments 100000] [--batches 1024,32]
 *
 * Microseconds for a payment, by the clock and of processor time. It does not measure HTTP,
 * validation, projections, or histories that do not fit in memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BENCH_STAGES, benchReader, openBenchShard, runBenchBatch, Stopwatch } from './bench-shard.ts';
import { machineLine } from './machine.ts';
import { PaymentBodies } from './payment-bodies.ts';

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '100000' },
    batches: { type: 'string', default: '1024,32' },
  },
});
const payments = Number(values.payments);
/** Compiled by then, and with histories to fold. */
const WARM_UP_PAYMENTS = 20_000;

async function measure(batchSize: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-pipeline-'));
  const { settings, resources, close } = await openBenchShard(folder);
  const next = benchReader(
    folder,
    settings,
    new PaymentBodies({ seed: batchSize, accounts: 20_000, stepMs: 5 }),
  );
  const warmUp = new Stopwatch();
  for (let done = 0; done < WARM_UP_PAYMENTS; done += batchSize) {
    await runBenchBatch(Array.from({ length: batchSize }, next), resources, warmUp);
  }
  const watch = new Stopwatch();
  const totals = { bytes: 0, wallMs: 0, cpuMicros: 0, done: 0 };
  while (totals.done < payments) {
    const envelopes = Array.from({ length: batchSize }, next);
    const cpu = process.cpuUsage();
    const started = performance.now();
    const { taken, bytes } = await runBenchBatch(envelopes, resources, watch);
    totals.wallMs += performance.now() - started;
    const { user, system } = process.cpuUsage(cpu);
    if (taken !== batchSize) throw new Error('the batch was cut');
    totals.cpuMicros += user + system;
    totals.bytes += bytes;
    totals.done += taken;
  }
  report(batchSize, totals, watch);
  await close();
  rmSync(folder, { recursive: true, force: true });
}

interface Totals {
  readonly bytes: number;
  readonly wallMs: number;
  readonly cpuMicros: number;
  readonly done: number;
}

function report(batchSize: number, { bytes, wallMs, cpuMicros, done }: Totals, { micros }: Stopwatch): void {
  const stages = BENCH_STAGES.map((stage) => `${stage} ${(micros[stage] / done).toFixed(1)}`).join('  ');
  console.log(`batches of ${batchSize}: ${((done / wallMs) * 1_000).toFixed(0)} payments/s`);
  console.log(`  microseconds a payment: ${stages}; processor time ${(cpuMicros / done).toFixed(1)}`);
  console.log(`  ${(bytes / done).toFixed(0)} bytes of log a payment`);
}

console.log(`${machineLine()}; ${payments} payments after ${WARM_UP_PAYMENTS}`);
for (const size of values.batches.split(',')) await measure(Number(size));
