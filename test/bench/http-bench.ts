/**
 * Single payments over HTTP against a bare server that parses the same bodies, in turn, in one run.
 *
 *     node test/bench/http-bench.ts [--pairs 5] [--seconds 10] [--connections 64]
 *
 * Vouch: tokens checked, every feature, the shipped model, each payment durable (SQLite, WAL,
 * synchronous=FULL) before its answer. wrk loads both sides with one script and shares the cores.
 * It does not measure a network, TLS, or a history of months.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServerProcess, type ServerProcess } from '#test/support/server-process.ts';
import { runWrk, type WrkResult } from '#test/bench/http/wrk.ts';
import { machineLine, median } from '#test/bench/machine.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '64' },
  },
});
const pairs = Number(values.pairs);
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const WARM_UP_SECONDS = 5;

interface Side {
  readonly name: string;
  readonly server: ServerProcess;
  readonly token: string;
  readonly results: WrkResult[];
}

async function measure(side: Side, run: string, durationSeconds: number): Promise<WrkResult> {
  const prefix = `${side.name}_${process.pid}_${run}`;
  const { server, token } = side;
  return runWrk({ url: server.url, token, connections, seconds: durationSeconds, prefix });
}

function summarise(sides: readonly [Side, Side]): void {
  const [vouch, bare] = sides;
  const ratios = vouch.results.map(
    (result, pair) => result.requestsPerSecond / (bare.results[pair]?.requestsPerSecond ?? NaN),
  );
  const tails = vouch.results.map((result, pair) => result.p99Ms / (bare.results[pair]?.p99Ms ?? NaN));
  console.log(`\n${machineLine()}; ${connections} connections, ${pairs} pairs of ${seconds} s`);
  for (const { name, results } of sides) {
    const rate = median(results.map(({ requestsPerSecond }) => requestsPerSecond));
    const p50 = median(results.map(({ p50Ms }) => p50Ms));
    const p99 = median(results.map(({ p99Ms }) => p99Ms));
    console.log(
      `${name.padEnd(6)} ${rate.toFixed(0).padStart(7)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms`,
    );
  }
  console.log(`ratio  ${median(ratios).toFixed(3)} (${ratios.map((ratio) => ratio.toFixed(3)).join(', ')})`);
  console.log(`p99 ratio ${median(tails).toFixed(1)}`);
}

const folder = mkdtempSync(join(tmpdir(), 'vouch-bench-'));
const vouchServer = await startServerProcess([
  'src/main.ts',
  'serve',
  '--data',
  folder,
  '--port',
  '0',
  '--open-accounts',
  '--json',
]);
const bareServer = await startServerProcess(['test/bench/http/bare-server.ts']);
const vouch: Side = {
  name: 'vouch',
  server: vouchServer,
  token: String(vouchServer.ready['token']),
  results: [],
};
const bare: Side = { name: 'bare', server: bareServer, token: 'none', results: [] };
try {
  for (const side of [vouch, bare]) await measure(side, 'warm', WARM_UP_SECONDS);
  for (let pair = 1; pair <= pairs; pair++) {
    for (const side of [vouch, bare]) {
      const result = await measure(side, String(pair), seconds);
      if (result.errors > 0) throw new Error(`${side.name}: ${result.errors} requests failed`);
      side.results.push(result);
      console.log(
        `${pair} ${side.name.padEnd(6)} ${result.requestsPerSecond.toFixed(0)}/s  p99 ${result.p99Ms} ms`,
      );
    }
  }
  summarise([vouch, bare]);
} finally {
  await vouchServer.terminate();
  await bareServer.terminate();
  rmSync(folder, { recursive: true, force: true });
}
