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
import { shardSettings } from '#src/app-settings.ts';
import { bodyReaders } from '#src/body-readers.ts';
import { loadConfig } from '#src/config.ts';
import { makeDataFolder } from '#src/data-folder.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import { encodePersonalParts, encodeRow } from '#src/domain/encoding/row-codec.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { openModel } from '#src/open-model.ts';
import { shardOpener, type ShardResources } from '#src/shard/open-shard.ts';
import { policyOf, shardParts, type ShardSettings } from '#src/shard-parts.ts';
import { machineLine } from '#test/bench/machine.ts';
import { PaymentBodies } from '#test/bench/payment-bodies.ts';

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '100000' },
    batches: { type: 'string', default: '1024,32' },
  },
});
const payments = Number(values.payments);
const STAGES = ['decide', 'encode', 'hash', 'log', 'checkpoint'] as const;
type Stage = (typeof STAGES)[number];

class Stopwatch {
  readonly micros: Record<Stage, number> = { decide: 0, encode: 0, hash: 0, log: 0, checkpoint: 0 };

  async time<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    this.micros[stage] += (performance.now() - started) * 1_000;
    return result;
  }
}

async function openResources(
  folder: string,
): Promise<{ settings: ShardSettings; resources: ShardResources }> {
  const config = loadConfig({ variables: {} });
  const settings = await shardSettings({ ...config, accounts: { open: 'onFirstUse' } }, folder);
  makeDataFolder(folder);
  const policy = policyOf(settings);
  const model = await openModel(settings.model, policy.baseRate, {
    onFailure: (error) => {
      throw error;
    },
    onTraffic: () => undefined,
  });
  const resources = await shardOpener(
    shardParts(settings, { anchors: { newest: null }, policy, model, onRecovered: () => undefined }),
  )();
  return { settings, resources };
}

function* batchesOf(bodies: PaymentBodies, read: (body: unknown) => CommandEnvelope, size: number) {
  for (let done = 0; done < payments; done += size) {
    yield Array.from({ length: Math.min(size, payments - done) }, () => read(bodies.next()));
  }
}

async function runBatch(envelopes: readonly CommandEnvelope[], resources: ShardResources, watch: Stopwatch) {
  const { flow, log, features } = resources;
  const position = resources.head.position + 1;
  features.beginRow(position);
  const result = await watch.time('decide', () => flow.run({ envelopes, position, stored: new Map() }));
  if (result.answers.length !== envelopes.length) throw new Error('the batch was cut');
  const [body, personal] = await watch.time('encode', () => [
    encodeRow(result.records),
    encodePersonalParts(result.personal),
  ]);
  if (!body) throw new Error('nothing was encoded');
  const row = await watch.time('hash', () =>
    sealRow({ identity: log.identity, head: resources.head, body, personal: personal ?? null }),
  );
  await watch.time('log', () => log.append(row));
  resources.head = row;
  await watch.time('checkpoint', () => resources.afterBatch(envelopes.length));
  return body.length + (personal?.length ?? 0);
}

async function measure(batchSize: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vouch-pipeline-'));
  const { settings, resources } = await openResources(folder);
  const bodies = new PaymentBodies(batchSize);
  const readers = bodyReaders({
    folder: makeDataFolder(folder),
    shard: settings,
    now: () => bodies.now,
    aheadSecondsMax: 300,
  });
  const read = (body: unknown): CommandEnvelope => {
    const result = readers.payment.read(body);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return { command: result.content.command, actor: 'token:bench', receivedAt: bodies.now };
  };
  const watch = new Stopwatch();
  let bytes = 0;
  let wallMs = 0;
  let cpuMicros = 0;
  for (const envelopes of batchesOf(bodies, read, batchSize)) {
    const cpu = process.cpuUsage();
    const started = performance.now();
    bytes += await runBatch(envelopes, resources, watch);
    wallMs += performance.now() - started;
    const used = process.cpuUsage(cpu);
    cpuMicros += used.user + used.system;
  }
  const stages = STAGES.map((stage) => `${stage} ${(watch.micros[stage] / payments).toFixed(1)}`).join('  ');
  console.log(
    `batches of ${batchSize}: ${((payments / wallMs) * 1_000).toFixed(0)}/s; microseconds a payment: ${stages}`,
  );
  console.log(
    `  processor time ${(cpuMicros / payments).toFixed(1)}; ${(bytes / payments).toFixed(0)} bytes of log a payment`,
  );
  await resources.close();
  rmSync(folder, { recursive: true, force: true });
}

console.log(`${machineLine()}; ${payments} payments`);
for (const size of values.batches.split(',')) await measure(Number(size));
