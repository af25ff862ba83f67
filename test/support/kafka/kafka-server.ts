/**
 * A real Kafka (KRaft, one node or several) on free ports of this machine, for tests. Nodes can be
 * killed, paused and started again on what they had stored.
 */
import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { kafkaLibraries } from '#test/support/kafka/kafka-libraries.ts';
import { makeTemporaryFolder } from '#test/support/temporary-folder.ts';

/** Three seconds on a machine that has nothing else to do. */
const READY_WITHIN_MS = 120_000;
/** Starts quickly and takes little; not for measuring. */
const SMALL_JVM = ['-Xmx512m', '-Xms96m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const LOGGING = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
];
const READY_LINE = 'Kafka Server started';
/** On Linux a broker ends with the process that started it, however that one ends. */
const UNTIL_PARENT_ENDS = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL'] : [];
const run = promisify(execFile);

export interface KafkaNode {
  /** Host and port. */
  readonly address: string;
  /** Ends it as a power switch does. */
  kill(): Promise<void>;
  /** Starts it again, after a kill. */
  start(): Promise<void>;
  /** Stops it in its tracks, connections open, until `resume`. */
  pause(): void;
  resume(): void;
}

export interface KafkaServer {
  readonly brokers: readonly string[];
  readonly nodes: readonly KafkaNode[];
  /** Ends all nodes and removes what they stored. */
  stop(): Promise<void>;
}

export interface KafkaServerOptions {
  /** 1 if absent; with three, topics may have three replicas. */
  readonly nodes?: number;
  /** Lines of `server.properties` that replace or follow those made here. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Flags of the Java machine; without them it is small and quick to start. */
  readonly jvm?: readonly string[];
}

export async function startKafka(options: KafkaServerOptions = {}): Promise<KafkaServer> {
  const libraries = await kafkaLibraries();
  const folder = await makeTemporaryFolder();
  const count = options.nodes ?? 1;
  const ports = await freePorts(count * 2);
  const clusterId = randomBytes(16).toString('base64url');
  const nodes: BrokerProcess[] = [];
  async function stop(): Promise<void> {
    await Promise.all(nodes.map((node) => node.kill()));
    await folder.remove();
  }
  try {
    for (let index = 0; index < count; index++) {
      const properties = join(folder.path, `node-${index + 1}.properties`);
      const data = join(folder.path, `data-${index + 1}`);
      await writeFile(properties, propertiesOf({ index, ports, data, settings: options.settings }));
      const java = [...(options.jvm ?? SMALL_JVM), ...LOGGING, '-cp', `${libraries}/*`];
      const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties];
      await run('java', [...java, ...format]);
      nodes.push(new BrokerProcess(`127.0.0.1:${ports[index]}`, [...java, 'kafka.Kafka', properties]));
    }
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { brokers: nodes.map(({ address }) => address), nodes, stop };
}

interface NodeConfiguration {
  readonly index: number;
  /** The brokers' ports, then those of their controllers. */
  readonly ports: readonly number[];
  readonly data: string;
  readonly settings: Readonly<Record<string, string>> | undefined;
}

function propertiesOf({ index, ports, data, settings }: NodeConfiguration): string {
  const count = ports.length / 2;
  const replicas = String(Math.min(count, 3));
  const voters = Array.from({ length: count }, (_, node) => `${node + 1}@127.0.0.1:${ports[count + node]}`);
  const lines = {
    'process.roles': 'broker,controller',
    'node.id': String(index + 1),
    'controller.quorum.voters': voters.join(','),
    listeners: `PLAINTEXT://127.0.0.1:${ports[index]},CONTROLLER://127.0.0.1:${ports[count + index]}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${ports[index]}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': count === 1 ? '1' : '2',
    'transaction.state.log.num.partitions': '4',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'auto.create.topics.enable': 'false',
    // Many small topics: less for each of them on disk and in memory.
    'log.index.size.max.bytes': '1048576',
    ...settings,
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

class BrokerProcess implements KafkaNode {
  readonly address: string;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;

  constructor(address: string, java: readonly string[]) {
    this.address = address;
    this.#command = [...UNTIL_PARENT_ENDS, 'java', ...java];
  }

  async start(): Promise<void> {
    const [program = '', ...parameters] = this.#command;
    const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    const said: string[] = [];
    const lines = createInterface({ input: child.stderr });
    const ready = new Promise<void>((resolve, reject) => {
      const stuck = setTimeout(() => reject(new Error('Kafka was not ready in time')), READY_WITHIN_MS);
      const settle = (outcome: () => void) => {
        clearTimeout(stuck);
        outcome();
      };
      lines.on('line', (line) => {
        if (said.push(line) > 50) said.shift();
        if (line.includes(READY_LINE)) settle(resolve);
      });
      child.once('exit', () => settle(() => reject(new Error(`Kafka ended at start:\n${said.join('\n')}`))));
    });
    await ready;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map(async (server) => once(server.close(), 'close')));
  return ports;
}
