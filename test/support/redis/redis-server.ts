/** A real Redis on a free port with a folder of its own, for tests. It can be killed, paused and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const READY_LINE = 'Ready to accept connections';
const READY_WITHIN_MS = 30_000;
/** On Linux a server ends with the process that started it, however that one ends. */
const UNTIL_PARENT_ENDS = process.platform === 'linux' ? ['setpriv', '--pdeathsig', 'KILL'] : [];

/** What a Redis of histories must be told: everything is kept, nothing is evicted. */
export const HISTORY_SETTINGS = { appendonly: 'yes', maxmemory: '200mb', 'maxmemory-policy': 'noeviction' };

export interface RedisServerOptions {
  /** More of `redis.conf`, by name. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lines of `redis.conf` as they are, for names that stand there more than once. */
  readonly lines?: readonly string[];
  /** Its port takes TLS; `settings` names the certificates. */
  readonly tls?: boolean;
}

export class RedisServer {
  readonly port: number;
  readonly #folder: TemporaryFolder;
  readonly #options: RedisServerOptions;
  #process: ChildProcess | undefined;

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await makeTemporaryFolder(), options);
    await server.start();
    return server;
  }

  constructor(port: number, folder: TemporaryFolder, options: RedisServerOptions) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get folder(): string {
    return this.#folder.path;
  }

  async start(): Promise<void> {
    const settings = {
      [this.#options.tls ? 'tls-port' : 'port']: String(this.port),
      bind: '127.0.0.1',
      dir: this.#folder.path,
      save: '""',
      appendonly: 'no',
      appendfsync: 'everysec',
      'repl-diskless-sync-delay': '0',
      ...this.#options.settings,
    };
    const lines = [
      ...Object.entries(settings).map(([name, value]) => `${name} ${value}`),
      ...(this.#options.lines ?? []),
    ];
    const [command, ...parameters] = [...UNTIL_PARENT_ENDS, 'redis-server', '-'];
    const child = spawn(command ?? 'redis-server', parameters, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = child;
    child.stdin.end(`${lines.join('\n')}\n`);
    await isReady(child);
  }

  /** Ends it as a power switch does. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Stops it in its tracks, connections open, until `resume`. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Sends commands as an operator does, one after the other. Gives the last answer. */
  async ask(...commands: readonly (readonly [string, ...string[]])[]): Promise<unknown> {
    const redis = new Redis({ port: this.port });
    // What fails, fails with the command.
    redis.on('error', () => undefined);
    try {
      let answer: unknown;
      for (const [name, ...parameters] of commands) answer = await redis.call(name, parameters);
      return answer;
    } finally {
      redis.disconnect();
    }
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.#folder.remove();
  }
}

async function isReady(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('a server without output');
  const lines = createInterface(child.stdout);
  const seen: string[] = [];
  const late = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
  for await (const line of lines) {
    seen.push(line);
    if (!line.includes(READY_LINE)) continue;
    clearTimeout(late);
    child.stdout.resume();
    return;
  }
  clearTimeout(late);
  throw new Error(`Redis did not start:\n${seen.join('\n')}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
