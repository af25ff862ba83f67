/**
 * Single payments through api, broker, worker and Redis, against the bare pipeline on the same broker:
 * the same topics, transactions, partitions and sizes, without HTTP, features or decisions. In turn, in
 * one run; everything shares this machine's cores with the load.
 *
 *     node test/bench/cluster-bench.ts [--pairs 3] [--seconds 10] [--connections 256] [--workers 1]
 *
 * It does not measure a network, several brokers, or a history of months.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { kafkaClient } from '#src/adapters/kafka/kafka-client.ts';
import { prepareTopics } from '#src/adapters/kafka/prepare-topics.ts';
import { topicNames } from '#src/adapters/kafka/topic-names.ts';
import { createLogger } from '#src/observability/logger.ts';
import { runBareLoad, type BareResult } from '#test/bench/cluster/bare-client.ts';
import { startServerProcess } from '#test/support/server-process.ts';
import { runWrk } from '#test/bench/http/wrk.ts';
import { machineLine, median } from '#test/bench/machine.ts';
import { ClusterProcesses } from '#test/support/cluster/cluster-processes.ts';
import { startKafka } from '#test/support/kafka/kafka-server.ts';
import { HISTORY_SETTINGS, RedisServer } from '#test/support/redis/redis-server.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '256' },
    workers: { type: 'string', default: '1' },
    partitions: { type: 'string', default: '2' },
  },
});
const [pairs, seconds, connections, workers, partitions] = [
  values.pairs,
  values.seconds,
  values.connections,
  values.workers,
  values.partitions,
].map(Number) as [number, number, number, number, number];
const WARM_UP_SECONDS = 10;
/** A broker as it is run, not as it is tested. */
const JVM = ['-Xmx1g', '-Xms1g'];

const folder = mkdtempSync(join(tmpdir(), 'vouch-cluster-bench-'));
const kafka = await startKafka({ jvm: JVM });
const redis = await RedisServer.start({ settings: { ...HISTORY_SETTINGS, maxmemory: '2gb' } });
const [broker = ''] = kafka.brokers;
const more = { redis: { nodes: [redis.address] } };
const processes = await ClusterProcesses.open({ brokers: [broker], prefix: 'bench', partitions, more });
const client = kafkaClient({ brokers: [broker], clientId: 'bench' }, createLogger('silent'));
await prepareTopics(client, topicNames('bare'), { partitions, replication: 1 });
const bareWorker = await startServerProcess([
  'test/bench/cluster/bare-worker.ts',
  broker,
  'bare',
  String(partitions),
]);
try {
  await measure();
} finally {
  await bareWorker.terminate();
  await processes.close();
  await redis.stop();
  await kafka.stop();
  rmSync(folder, { recursive: true });
}

async function measure(): Promise<void> {
  for (let worker = 1; worker <= workers; worker++) await processes.start(`worker-${worker}`, 'worker');
  const { url } = await processes.start('api-1', 'api');
  const product = async (run: string, forSeconds: number): Promise<BareResult & { errors: number }> => {
    const load = { url, token: '', connections, seconds: forSeconds, prefix: `b_${run}` };
    const { requestsPerSecond: perSecond, p50Ms, p99Ms, errors } = await runWrk(load);
    return { perSecond, p50Ms, p99Ms, errors };
  };
  const bare = (forSeconds: number) =>
    runBareLoad({ broker, prefix: 'bare', partitions, inFlight: connections, seconds: forSeconds });
  await product('warm', WARM_UP_SECONDS);
  await bare(3);
  const results: { readonly product: BareResult & { errors: number }; readonly bare: BareResult }[] = [];
  for (let pair = 0; pair < pairs; pair++)
    results.push({ product: await product(String(pair), seconds), bare: await bare(seconds) });
  console.log(
    `${machineLine()}; ${connections} connections, ${partitions} partitions, ${workers} workers, ${pairs} pairs of ${seconds} s`,
  );
  say(
    'vouch',
    results.map((each) => each.product),
  );
  say(
    'bare',
    results.map((each) => each.bare),
  );
  const ratios = results.map((each) => each.product.perSecond / each.bare.perSecond);
  console.log(`ratio  ${median(ratios).toFixed(3)} (${ratios.map((ratio) => ratio.toFixed(3)).join(', ')})`);
  const errors = results.reduce((sum, each) => sum + each.product.errors, 0);
  if (errors > 0) console.log(`${errors} answers were not 2xx`);
}

function say(name: string, results: readonly BareResult[]): void {
  const of = (figure: keyof BareResult) => median(results.map((result) => result[figure]));
  console.log(
    `${name.padEnd(6)} ${of('perSecond').toFixed(0).padStart(7)}/s  p50 ${of('p50Ms').toFixed(0)} ms  p99 ${of('p99Ms').toFixed(0)} ms`,
  );
}
