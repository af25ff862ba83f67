/** Runs wrk against one server for a while, and reads what it measured. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = new URL('./payments.lua', import.meta.url).pathname;

export interface WrkLoad {
  readonly url: string;
  readonly token: string;
  readonly connections: number;
  readonly seconds: number;
  /** Ids begin with it; no two loads of one server may share it. */
  readonly prefix: string;
}

export interface WrkResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not 2xx, and failures of the sockets. */
  readonly errors: number;
}

export async function runWrk({ url, token, connections, seconds, prefix }: WrkLoad): Promise<WrkResult> {
  const { stdout } = await run('wrk', [
    '--threads=1',
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    '--latency',
    `--script=${SCRIPT}`,
    url,
    '--',
    prefix,
    token,
  ]);
  return readWrk(stdout);
}

export function readWrk(output: string): WrkResult {
  const bad = Number(/Non-2xx or 3xx responses: (\d+)/.exec(output)?.[1] ?? 0);
  const sockets = /connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(output)?.slice(1) ?? [];
  return {
    requestsPerSecond: Number(required(/Requests\/sec:\s+([\d.]+)/, output)),
    p50Ms: milliseconds(required(/50%\s+([\d.]+\w+)/, output)),
    p99Ms: milliseconds(required(/99%\s+([\d.]+\w+)/, output)),
    errors: bad + sockets.reduce((sum, count) => sum + Number(count), 0),
  };
}

function required(pattern: RegExp, output: string): string {
  const found = pattern.exec(output)?.[1];
  if (found === undefined) throw new Error(`wrk said something else: ${output}`);
  return found;
}

function milliseconds(text: string): number {
  const value = Number.parseFloat(text);
  if (text.endsWith('us')) return value / 1_000;
  return text.endsWith('ms') ? value : value * 1_000;
}
