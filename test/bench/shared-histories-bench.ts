/**
 * The histories of shards that share them in Redis: what a payment costs beyond its features, in
 * processor time of the shard and of Redis, and in memory there.
 *
 *     node test/bench/shared-histories-bench.ts [--payments 40000] [--batch 128] [--shards 2] [--accounts 4000]
 *       [--days 30] [--plain]
 *
 * Shards take turns with batches in one thread, on one Redis on this machine without files. The first half
 * fills the histories. With `--plain` logs are never compacted. It does not measure a network, Redis's files, or the rest of a shard.
 */
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import { COMPACTION_LIMITS } from '#src/features/shared/log-compaction.ts';
import { SharedHistoryStage } from '#src/features/shared/shared-history-stage.ts';
import { machineLine } from '#test/bench/machine.ts';
import { NO_LEDGER_FACTS } from '#src/ports/feature-stage.ts';
import { tellItem } from '#test/support/tell-item.ts';
import { featureStream, type FeatureItem } from '#test/support/feature-stream.ts';
import { shardTimeOf } from '#test/support/shared-histories/telling-shard.ts';
import { RedisServer } from '#test/support/redis/redis-server.ts';
import { storeOnRedis } from '#test/support/redis/store-on-redis.ts';

const { values: options } = parseArgs({
  options: {
    payments: { type: 'string', default: '40000' },
    batch: { type: 'string', default: '128' },
    shards: { type: 'string', default: '2' },
    accounts: { type: 'string', default: '4000' },
    days: { type: 'string', default: '30' },
    plain: { type: 'boolean', default: false },
  },
});
const [payments, batch, shards, accounts, days] = [
  options.payments,
  options.batch,
  options.shards,
  options.accounts,
  options.days,
].map(Number) as [number, number, number, number, number];
const CACHE_BYTES = 1 << 30;

const server = await RedisServer.start();
const redis = new Redis({ port: server.port });
const vector = { values: new Float32Array(FEATURE_COUNT), offset: 0 };
/** Shard time of what was told last. */
let now = 0;
const micros: Record<string, number> = {};
let measured = 0;

interface BenchShard {
  readonly stage: SharedHistoryStage;
  readonly items: Iterator<FeatureItem>;
  row: number;
}

async function openShard(shard: number): Promise<BenchShard> {
  const store = await storeOnRedis({ nodes: [server.address] });
  const stage = new SharedHistoryStage({
    store,
    shard,
    shards,
    cacheBytes: CACHE_BYTES,
    toReference: (amount) => amount,
    now: () => now,
    compaction: options.plain ? { ...COMPACTION_LIMITS, plainBytes: Infinity } : COMPACTION_LIMITS,
    onAway: ({ message }) => console.error(message),
  });
  const stream = { seed: shard + 1, payments: payments / shards, days, accounts, merchants: 500 };
  return { stage, items: featureStream({ ...stream, idPrefix: `p${shard}_` }), row: 0 };
}

/** Attempts of one batch, with what else happens between them. */
function nextBatch(items: Iterator<FeatureItem>): readonly FeatureItem[] {
  const taken: FeatureItem[] = [];
  let attempts = 0;
  while (attempts < batch) {
    const next = items.next();
    if (next.done) break;
    taken.push(next.value);
    if (next.value.type === 'attempt') attempts++;
  }
  return taken;
}

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  micros[what] = (micros[what] ?? 0) + user + system;
  return result;
}

async function tell({ stage, items }: BenchShard, row: number): Promise<number> {
  const taken = nextBatch(items);
  now = Math.max(now, shardTimeOf(taken));
  const attempts = taken.flatMap((item) => (item.type === 'attempt' ? [item.attempt] : []));
  stage.beginRow(row);
  await timed('round trips', () =>
    stage.load(
      attempts.map(({ entityKeys, featureTime, request: { facts } }) => {
        return { entityKeys, featureTime, amount: facts.amount, asset: facts.asset };
      }),
    ),
  );
  await timed('vectors', () => {
    for (const item of taken) {
      if (item.type === 'attempt') stage.observe(item.attempt, NO_LEDGER_FACTS, vector);
      else tellItem(stage, item, vector.values);
    }
  });
  await timed('compaction', () => stage.writeSome(row));
  return attempts.length;
}

async function redisFigure(section: string, name: string): Promise<number> {
  const line = (await redis.info(section)).split('\r\n').find((each) => each.startsWith(`${name}:`));
  return Number(line?.slice(name.length + 1));
}

const redisMicros = async () =>
  ((await redisFigure('cpu', 'used_cpu_user')) + (await redisFigure('cpu', 'used_cpu_sys'))) * 1e6;

const open = await Promise.all(Array.from({ length: shards }, (_, shard) => openShard(shard)));
for (const { stage } of open) await stage.remote.firstMissing(0);
const emptyBytes = await redisFigure('memory', 'used_memory');
let [redisBefore, commandsBefore] = [0, 0];
let told = 0;
for (let half = 0; half < 2; half++) {
  redisBefore = await redisMicros();
  commandsBefore = await redisFigure('stats', 'total_commands_processed');
  for (const name of Object.keys(micros)) micros[name] = 0;
  measured = 0;
  while (measured < payments / 2) {
    let more = 0;
    for (const shard of open) more += await tell(shard, ++shard.row);
    if (more === 0) break;
    measured += more;
  }
  told += measured;
}
const perPayment = (total: number) => (total / measured).toFixed(1);
console.log(
  `${machineLine()}; Redis on loopback; ${payments} payments, ${shards} shards, batches of ${batch}, ${accounts} accounts, ${days} days${options.plain ? ', never compacted' : ''}`,
);
for (const [name, total] of Object.entries(micros))
  console.log(`${name.padEnd(12)} ${perPayment(total)} µs a payment in the shard`);
console.log(`${'Redis'.padEnd(12)} ${perPayment((await redisMicros()) - redisBefore)} µs a payment`);
console.log(
  `${'commands'.padEnd(12)} ${perPayment((await redisFigure('stats', 'total_commands_processed')) - commandsBefore)} a payment`,
);
let records = 0;
for (const key of await redis.keys('vouch:h:*')) records += await redis.strlen(key);
console.log(`${'logs'.padEnd(12)} ${(records / told).toFixed(0)} bytes a payment stand in logs`);
const bytes = (await redisFigure('memory', 'used_memory')) - emptyBytes;
console.log(`${'memory'.padEnd(12)} ${(bytes / told).toFixed(0)} bytes a payment in Redis, claims apart`);
for (const { stage } of open) await stage.close();
redis.disconnect();
await server.stop();
