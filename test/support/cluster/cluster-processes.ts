/** The processes of a ledger at a broker, each a real one that can be ended, killed and paused. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startServer } from '#test/support/crash/server-process.ts';
import type { ServerProcess } from '#test/support/server-process.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

export interface ClusterSettings {
  readonly brokers: readonly string[];
  readonly prefix: string;
  readonly partitions: number;
  /** Further keys of the section `cluster`. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Where the processes write their logs; nowhere if absent. */
  readonly logFolder?: string;
}

const ENTITY_KEY = '00112233445566778899aabbccddeeff';

/** A broker that was killed is back after seconds. */
const START_ATTEMPTS = 10;

export type Role = 'api' | 'worker' | 'all';

export class ClusterProcesses {
  readonly configFile: string;
  readonly #folder: TemporaryFolder;
  readonly #logFolder: string | undefined;
  readonly #running = new Map<string, { readonly role: Role; readonly server: ServerProcess }>();

  private constructor(folder: TemporaryFolder, settings: ClusterSettings) {
    this.#folder = folder;
    this.configFile = join(folder.path, 'vouch.yaml');
    const { brokers, prefix, partitions, more } = settings;
    this.#logFolder = settings.logFolder;
    const cluster = { brokers, prefix, partitions, entityKey: ENTITY_KEY, ...more };
    writeFileSync(this.configFile, stringify({ accounts: { open: 'onFirstUse' }, cluster }));
  }

  static async open(settings: ClusterSettings): Promise<ClusterProcesses> {
    return new ClusterProcesses(await makeTemporaryFolder(), settings);
  }

  /** The folder in which a process of that name keeps what it has. */
  folderOf(name: string): string {
    return join(this.#folder.path, name);
  }

  /** Starts a process on what one of that name left, again until it is ready, as a process manager does. */
  async start(name: string, role: Role, more: readonly string[] = []): Promise<ServerProcess> {
    const parameters = ['--role', role, '--config', this.configFile, ...more];
    const logFile = this.#logFolder === undefined ? undefined : join(this.#logFolder, `${name}.log`);
    for (let attempt = 1; ; attempt++) {
      try {
        const server = await startServer(this.folderOf(name), { parameters, logFile });
        this.#running.set(name, { role, server });
        return server;
      } catch (error) {
        if (attempt === START_ATTEMPTS) throw error;
      }
    }
  }

  process(name: string): ServerProcess {
    const found = this.#running.get(name);
    if (!found) throw new Error(`${name} does not run`);
    return found.server;
  }

  names(role: Role): readonly string[] {
    return [...this.#running].filter(([, each]) => each.role === role).map(([name]) => name);
  }

  /** Addresses of the processes that answer requests. */
  urls(): readonly string[] {
    return [...this.#running.values()]
      .filter(({ role }) => role !== 'worker')
      .map(({ server }) => server.url);
  }

  async kill(name: string): Promise<void> {
    const server = this.process(name);
    this.#running.delete(name);
    await server.kill();
  }

  /** @returns the exit code. */
  async terminate(name: string): Promise<number | null> {
    const server = this.process(name);
    this.#running.delete(name);
    return server.terminate();
  }

  async close(): Promise<void> {
    for (const name of this.#running.keys()) await this.kill(name);
    await this.#folder.remove();
  }
}
