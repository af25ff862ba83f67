/** A real Redis Cluster of three masters, the first of which has a replica that can take over. */
import { freePort, RedisServer } from './redis-server.ts';
import { until } from './store-on-redis.ts';

const SLOTS = 16_384;
const MASTERS = 3;
/** After which a master that does not answer is replaced. */
const NODE_TIMEOUT_MS = 1_500;

export interface RedisCluster {
  readonly masters: readonly RedisServer[];
  /** Of the first master. */
  readonly replica: RedisServer;
  stop(): Promise<void>;
}

export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all(Array.from({ length: MASTERS + 1 }, () => startNode()));
  const [first, ...others] = nodes;
  const replica = nodes.at(-1);
  if (!first || !replica) throw new Error('a cluster without nodes');
  const masters = nodes.slice(0, MASTERS);
  for (const [index, { server }] of masters.entries()) {
    const from = Math.floor((index * SLOTS) / MASTERS);
    const to = Math.floor(((index + 1) * SLOTS) / MASTERS) - 1;
    await server.ask(['CLUSTER', 'ADDSLOTSRANGE', String(from), String(to)]);
    await server.ask(['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)]);
  }
  for (const { server, busPort } of others)
    await first.server.ask(['CLUSTER', 'MEET', '127.0.0.1', String(server.port), String(busPort)]);
  const id = String(await first.server.ask(['CLUSTER', 'MYID']));
  await until(async () => (await clusterInfo(replica.server)).includes(`cluster_known_nodes:${MASTERS + 1}`));
  await replica.server.ask(['CLUSTER', 'REPLICATE', id]);
  for (const { server } of nodes)
    await until(async () => (await clusterInfo(server)).includes('cluster_state:ok'));
  await until(async () =>
    String(await replica.server.ask(['INFO', 'replication'])).includes('master_link_status:up'),
  );
  return {
    masters: masters.map(({ server }) => server),
    replica: replica.server,
    stop: async () => void (await Promise.all(nodes.map(({ server }) => server.stop()))),
  };
}

async function startNode() {
  const busPort = await freePort();
  const server = await RedisServer.start({
    settings: {
      'cluster-enabled': 'yes',
      'cluster-port': String(busPort),
      'cluster-node-timeout': String(NODE_TIMEOUT_MS),
      'cluster-require-full-coverage': 'no',
    },
  });
  return { server, busPort };
}

async function clusterInfo(server: RedisServer): Promise<string> {
  return String(await server.ask(['CLUSTER', 'INFO']));
}
