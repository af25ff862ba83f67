/**
 * One Redis server, or a Redis Cluster, behind one way to send commands. Commands that are sent together
 * share a round trip; in a cluster each goes to its own node.
 *
 * Nothing is queued while there is no connection and nothing is sent again by the driver: what happens to
 * a command whose answer was lost is decided by those who know that it may be sent twice.
 */
import { Cluster, Redis } from 'ioredis';
import { LeanCommand } from './lean-command.ts';

export interface RedisSettings {
  /** `host:port`; of a cluster some of its nodes. */
  readonly nodes: readonly string[];
  readonly isCluster: boolean;
  /** What the names of all keys begin with. */
  readonly prefix: string;
  readonly username?: string;
  readonly password?: string;
  /** Absent for a plain connection. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Within which all commands of a round trip are answered, or none is believed to be. */
  readonly answerWithinMs: number;
}

export type RedisValue = number | Uint8Array | null | readonly RedisValue[];
export type RedisCommand = readonly [name: string, ...parameters: (string | number | Buffer)[]];

export interface RedisClient {
  /** Resolves with the first usable connection, or with none when there is none in time. */
  connect(): Promise<void>;
  /** Answers in the order of the commands. @throws the first error; the others may have been carried out. */
  send(commands: readonly RedisCommand[]): Promise<readonly RedisValue[]>;
  /** What `INFO` says, of each server that takes writes. */
  servers(): Promise<readonly string[]>;
  /** The names of all keys that match, some at a time. */
  scan(pattern: string): AsyncIterable<readonly string[]>;
  /** Ends the connection, so that nothing that is on its way arrives later, and makes another. */
  reconnect(): void;
  close(): void;
}

export interface ConnectionEvents {
  readonly onReady: () => void;
  readonly onLost: (error: Error) => void;
}

const CONNECT_WITHIN_MS = 2_000;
const RETRY_FIRST_MS = 50;
const RETRY_MAX_MS = 1_000;
const SCANNED_AT_ONCE = 1_000;
/** Of every Redis Cluster. */
const SLOTS = 16_384;

function retryAfterMs(attempt: number): number {
  return Math.min(RETRY_FIRST_MS * 2 ** Math.min(attempt, 10), RETRY_MAX_MS);
}

export function openRedisClient(settings: RedisSettings, events: ConnectionEvents): RedisClient {
  return settings.isCluster ? new ClusterClient(settings, events) : new ServerClient(settings, events);
}

function connectionOptions({ username, password, tls }: RedisSettings) {
  return {
    connectTimeout: CONNECT_WITHIN_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: { ...tls } } : {}),
  };
}

class ServerClient implements RedisClient {
  readonly #redis: Redis;
  readonly #fault: () => Error | undefined;

  constructor(settings: RedisSettings, events: ConnectionEvents) {
    const { host, port } = addressOf(settings.nodes[0] ?? '');
    this.#redis = new Redis({
      ...connectionOptions(settings),
      host,
      port,
      lazyConnect: true,
      retryStrategy: retryAfterMs,
    });
    this.#fault = watch(this.#redis, events);
  }

  connect(): Promise<void> {
    return connected(this.#redis);
  }

  async send(commands: readonly RedisCommand[]): Promise<readonly RedisValue[]> {
    return valuesOf(await together([this.#redis], this.#redis, commands));
  }

  async servers(): Promise<readonly string[]> {
    const fault = this.#fault();
    if (fault) throw fault;
    return [await this.#redis.info()];
  }

  scan(pattern: string): AsyncIterable<readonly string[]> {
    return this.#redis.scanStream({ match: pattern, count: SCANNED_AT_ONCE });
  }

  reconnect(): void {
    this.#redis.disconnect(true);
  }

  close(): void {
    this.#redis.disconnect();
  }
}

class ClusterClient implements RedisClient {
  readonly #cluster: Cluster;
  readonly #fault: () => Error | undefined;

  constructor(settings: RedisSettings, events: ConnectionEvents) {
    this.#cluster = new Cluster(settings.nodes.map(addressOf), {
      redisOptions: connectionOptions(settings),
      lazyConnect: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryAfterMs,
      // A command that a node may have carried out is not sent to another behind our back.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      slotsRefreshTimeout: CONNECT_WITHIN_MS,
    });
    this.#fault = watch(this.#cluster, events);
  }

  connect(): Promise<void> {
    return connected(this.#cluster);
  }

  async send(commands: readonly RedisCommand[]): Promise<readonly RedisValue[]> {
    return valuesOf(await together(this.#cluster.nodes('master'), this.#cluster, commands));
  }

  /** @throws when a part of the slots has no master, or one that this client does not know yet. */
  async servers(): Promise<readonly string[]> {
    const fault = this.#fault();
    if (fault) throw fault;
    const nodes = new Map(
      this.#cluster.nodes('all').map((node) => [`${node.options.host}:${node.options.port}`, node]),
    );
    const ranges = rangesOf(await this.#cluster.call('CLUSTER', ['SLOTS']));
    const served = ranges.reduce((slots, { first, last }) => slots + last - first + 1, 0);
    const masters = new Set(ranges.map(({ master }) => master));
    if (served === SLOTS && [...masters].every((master) => nodes.has(master)))
      return Promise.all([...masters].map(async (master) => (await nodes.get(master)?.info()) ?? ''));
    this.#cluster.refreshSlotsCache();
    throw new Error(`${served} of ${SLOTS} slots are served, by ${[...masters].join(', ')}`);
  }

  async *scan(pattern: string): AsyncIterable<readonly string[]> {
    for (const node of this.#cluster.nodes('master'))
      yield* node.scanStream({ match: pattern, count: SCANNED_AT_ONCE });
  }

  reconnect(): void {
    for (const node of this.#cluster.nodes('all')) node.disconnect(true);
  }

  close(): void {
    this.#cluster.disconnect();
  }
}

/**
 * Sends commands one by one, and to each connection all of them with one call of the system: half of
 * what a command costs.
 */
function together(
  connections: readonly Redis[],
  target: Redis | Cluster,
  commands: readonly RedisCommand[],
): Promise<PromiseSettledResult<unknown>[]> {
  const streams = connections.flatMap(({ stream }) => stream ?? []);
  for (const stream of streams) stream.cork();
  try {
    return Promise.allSettled(commands.map((command) => target.sendCommand(leanCommand(command))));
  } finally {
    for (const stream of streams) stream.uncork();
  }
}

function leanCommand([name, ...parameters]: RedisCommand): LeanCommand {
  return new LeanCommand(
    name,
    parameters.map((each) => (typeof each === 'number' ? String(each) : each)),
  );
}

/** @throws the first error. */
function valuesOf(answers: readonly PromiseSettledResult<unknown>[]): readonly RedisValue[] {
  return answers.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return valueOf(answer.value);
  });
}

/** Gives what is wrong with the connection, as it was said first since it was last good. */
function watch(connection: Redis | Cluster, { onReady, onLost }: ConnectionEvents): () => Error | undefined {
  let fault: Error | undefined = new Error('there was no connection yet');
  let isSaid = false;
  const note = (error: Error) => {
    if (!isSaid) fault = error;
    onLost(fault ?? error);
  };
  connection.on('ready', () => {
    fault = undefined;
    isSaid = false;
    onReady();
  });
  connection.on('close', () => note(new Error('the connection was closed')));
  connection.on('error', (error: Error) => {
    note(error);
    isSaid = true;
  });
  return () => fault;
}

/** Attempts go on behind a failed one. */
async function connected(connection: Redis | Cluster): Promise<void> {
  await connection.connect().catch(() => undefined);
}

function addressOf(node: string): { host: string; port: number } {
  const colon = node.lastIndexOf(':');
  return { host: node.slice(0, colon), port: Number(node.slice(colon + 1)) };
}

interface SlotRange {
  readonly first: number;
  readonly last: number;
  /** `host:port` */
  readonly master: string;
}

/** The answer to `CLUSTER SLOTS`: for each range its ends, its master, its replicas. */
function rangesOf(answer: unknown): readonly SlotRange[] {
  return listOf(answer).map((range) => {
    const [first, last, master] = listOf(range);
    const [host, port] = listOf(master);
    return { first: Number(first), last: Number(last), master: `${String(host)}:${String(port)}` };
  });
}

function listOf(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? (answer as readonly unknown[]) : [];
}

function valueOf(value: unknown): RedisValue {
  if (value === null || typeof value === 'number' || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(valueOf);
  throw new TypeError(`an answer of Redis is a ${typeof value}`);
}
