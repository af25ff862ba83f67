/** A server in a process of its own, whose first line on stdout is JSON that says where it listens. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A server that is not ready by then has failed; slow machines need seconds to load the model. */
const READY_WITHIN_MS = 60_000;

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** The whole first line. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Ends the process as a power switch does: nothing of its own runs any more. */
  kill(): Promise<void>;
  /** @returns the exit code */
  terminate(): Promise<number | null>;
  /** Stops it in its tracks, connections open, until `resume`. */
  pause(): void;
  resume(): void;
}

export interface ServerProcessOptions {
  /** Takes what it logs; without one that shows only when it does not start. */
  readonly logFile?: string | undefined;
}

/** Starts the program itself, not a launcher that would outlive the signals. */
export async function startServerProcess(
  parameters: readonly string[],
  { logFile }: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
  if (logFile !== undefined) child.stderr.pipe(createWriteStream(logFile, { flags: 'a' }));
  const ready = await readyLineOf(child);
  return {
    url: String(ready['url']),
    pid: child.pid ?? 0,
    ready,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async kill() {
      child.kill('SIGKILL');
      await exitOf(child);
    },
    async terminate() {
      child.kill('SIGTERM');
      return exitOf(child);
    },
  };
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function readyLineOf(child: ChildProcess): Promise<Readonly<Record<string, unknown>>> {
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  if (child.stdout === null) throw new Error('the server has no output');
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, 'line', { signal: AbortSignal.timeout(READY_WITHIN_MS) });
  const ended = once(child, 'exit').then(() => [null]);
  const [line] = (await Promise.race([first, ended]).catch(() => [null])) as [string | null];
  lines.on('line', () => {});
  const ready = line?.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : undefined;
  if (typeof ready?.['url'] === 'string') return ready;
  child.kill('SIGKILL');
  throw new Error(`the server did not start: ${line ?? ''} ${said.join('')}`);
}
