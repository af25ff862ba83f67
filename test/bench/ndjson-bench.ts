/**
 * Payments as NDJSON over HTTP: one connection, one request, an answer line for each payment.
 *
 *     node test/bench/ndjson-bench.ts [--payments 60000] [--warm-up 20000]
 *
 * Everything that single payments get: the token checked, every feature, the shipped model, each batch
 * durable (SQLite, WAL, synchronous=FULL) before its answers. Lines are made before the clock starts; the
 * client that sends them and reads the answers shares the cores.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServerProcess, type ServerProcess } from '#test/support/server-process.ts';
import { machineLine } from '#test/bench/machine.ts';
import { PaymentBodies } from '#test/bench/payment-bodies.ts';

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '60000' },
    'warm-up': { type: 'string', default: '20000' },
  },
});

/** Lines written to the socket at once. */
const LINES_IN_CHUNK = 256;
const STEP_MS = 1;

interface Answered {
  readonly seconds: number;
  /** Lines that begin with something else than an id: problems. */
  readonly problems: number;
}

function chunksOf(bodies: PaymentBodies, payments: number): string[] {
  const chunks: string[] = [];
  for (let made = 0; made < payments; made += LINES_IN_CHUNK) {
    const count = Math.min(LINES_IN_CHUNK, payments - made);
    chunks.push(Array.from({ length: count }, () => `${JSON.stringify(bodies.next())}\n`).join(''));
  }
  return chunks;
}

async function send(server: ServerProcess, chunks: readonly string[]): Promise<Answered> {
  const started = performance.now();
  const posted = request(`${server.url}/v1/payments/batch`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${String(server.ready['token'])}`,
      'content-type': 'application/x-ndjson',
    },
  });
  const answered = once(posted, 'response').then(([response]: IncomingMessage[]) => problemsIn(response));
  await Promise.all([write(posted, chunks), answered]);
  return { seconds: (performance.now() - started) / 1_000, problems: await answered };
}

async function write(posted: ClientRequest, chunks: readonly string[]): Promise<void> {
  for (const chunk of chunks) if (!posted.write(chunk)) await once(posted, 'drain');
  posted.end();
}

async function problemsIn(response: IncomingMessage | undefined): Promise<number> {
  if (response?.statusCode !== 200) throw new Error(`the server answered ${response?.statusCode}`);
  let problems = 0;
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>)
    problems += chunk.split('"type":"').length - 1;
  return problems;
}

const folder = mkdtempSync(join(tmpdir(), 'vouch-ndjson-'));
const server = await startServerProcess([
  'src/main.ts',
  'serve',
  '--data',
  folder,
  '--port',
  '0',
  '--open-accounts',
  '--json',
]);
try {
  const bodies = new PaymentBodies({ seed: 1, accounts: 20_000, stepMs: STEP_MS });
  await send(server, chunksOf(bodies, Number(values['warm-up'])));
  const payments = Number(values.payments);
  const { seconds, problems } = await send(server, chunksOf(bodies, payments));
  if (problems > 0) throw new Error(`${problems} lines were answered with a problem`);
  console.log(`${machineLine()}; ${payments} payments after ${values['warm-up']}, one connection`);
  console.log(`ndjson ${(payments / seconds).toFixed(0)} payments/s`);
} finally {
  await server.terminate();
  rmSync(folder, { recursive: true, force: true });
}
