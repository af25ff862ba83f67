/** What can go wrong around a ledger in several processes. Each fault breaks something and mends it again. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterProcesses } from '#test/support/cluster/cluster-processes.ts';
import type { TcpProxy } from '#test/support/cluster/tcp-proxy.ts';
import type { KafkaNode } from '#test/support/kafka/kafka-server.ts';
import type { RedisServer } from '#test/support/redis/redis-server.ts';

export interface FaultTargets {
  readonly processes: ClusterProcesses;
  readonly broker: KafkaNode;
  readonly brokerProxy: TcpProxy;
  readonly redis: RedisServer;
  readonly random: () => number;
}

export interface Fault {
  readonly name: string;
  /** Faults that touch the same thing do not overlap. */
  readonly touches: 'workers' | 'apis' | 'broker' | 'redis';
  readonly run: (targets: FaultTargets) => Promise<void>;
}

/** Beyond the time after which a silent worker is dead to its group. */
const BEYOND_SESSION_MS = 12_000;
const SHORT_MS = 1_500;

export const FAULTS: readonly Fault[] = [
  {
    name: 'a worker is killed',
    touches: 'workers',
    run: async ({ processes, random }) => {
      const name = pick(processes.names('worker'), random);
      await processes.kill(name);
      await processes.start(name, 'worker');
    },
  },
  {
    name: 'a worker ends in order',
    touches: 'workers',
    run: async ({ processes, random }) => {
      const name = pick(processes.names('worker'), random);
      await processes.terminate(name);
      await processes.start(name, 'worker');
    },
  },
  {
    name: 'a worker stands still for a moment',
    touches: 'workers',
    run: ({ processes, random }) =>
      standStill(processes.process(pick(processes.names('worker'), random)), SHORT_MS),
  },
  {
    name: 'a worker stands still until others have taken over',
    touches: 'workers',
    run: ({ processes, random }) =>
      standStill(processes.process(pick(processes.names('worker'), random)), BEYOND_SESSION_MS),
  },
  {
    name: 'a worker more comes and goes, so that shards move',
    touches: 'workers',
    run: async ({ processes }) => {
      await processes.start('worker-extra', 'worker');
      await delay(SHORT_MS);
      await processes.kill('worker-extra');
    },
  },
  {
    name: 'an api process is killed',
    touches: 'apis',
    run: async ({ processes, random }) => {
      const name = pick(processes.names('api'), random);
      await processes.kill(name);
      await processes.start(name, 'api');
    },
  },
  {
    name: 'an api process stands still',
    touches: 'apis',
    run: ({ processes, random }) =>
      standStill(processes.process(pick(processes.names('api'), random)), SHORT_MS),
  },
  {
    name: 'the broker is killed',
    touches: 'broker',
    run: async ({ broker }) => {
      await broker.kill();
      await broker.start();
    },
  },
  { name: 'the broker stands still', touches: 'broker', run: ({ broker }) => standStill(broker, SHORT_MS) },
  {
    name: 'all connections to the broker are cut',
    touches: 'broker',
    run: async ({ brokerProxy }) => {
      brokerProxy.cut();
      await delay(SHORT_MS);
    },
  },
  {
    name: 'the broker cannot be reached',
    touches: 'broker',
    run: async ({ brokerProxy }) => {
      brokerProxy.shut(true);
      await delay(SHORT_MS);
      brokerProxy.shut(false);
    },
  },
  {
    name: 'the broker answers slowly',
    touches: 'broker',
    run: async ({ brokerProxy }) => {
      brokerProxy.delay(150);
      await delay(SHORT_MS);
      brokerProxy.delay(0);
    },
  },
  {
    name: 'Redis is killed',
    touches: 'redis',
    run: async ({ redis }) => {
      await redis.kill();
      await delay(SHORT_MS);
      await redis.start();
    },
  },
  {
    name: 'Redis is emptied',
    touches: 'redis',
    run: async ({ redis }) => void (await redis.ask(['FLUSHALL'])),
  },
];

async function standStill(it: { pause(): void; resume(): void }, milliseconds: number): Promise<void> {
  it.pause();
  await delay(milliseconds);
  it.resume();
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('there is nothing to choose from');
  return item;
}
