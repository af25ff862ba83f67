/**
 * Kills the real server again and again while clients send payments, and holds what stands afterwards
 * against what the clients were told: nothing acknowledged is lost or different, nothing happened twice.
 */
import { join } from 'node:path';

import { runReplay } from '#src/replay.ts';
import { runVerify } from '#src/verify.ts';
import { createJsonClient, type JsonAnswer, type JsonClient } from '#test/support/crash/json-client.ts';
import { acknowledgedBy, contradictions, expectedAccounts } from '#test/support/crash/payment-ledger.ts';
import type { Acknowledged, SentPayment } from '#test/support/crash/payment-ledger.ts';
import { sendUntilGone } from '#test/support/crash/payment-load.ts';
import { startServer } from '#test/support/crash/server-process.ts';
import { seededRandom } from '#test/support/seeded-random.ts';

export interface CrashRunOptions {
  readonly dataFolder: string;
  readonly kills: number;
  readonly seed: number;
  /** Told after each kill what is known so far. */
  readonly onKill: (report: CrashReport) => void;
}

export interface CrashReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** Payments that got no answer because of a kill, and of those the ones that stood all the same. */
  readonly unsure: number;
  readonly unsureButKept: number;
  /** Milliseconds from the start of the process to readiness, the longest of all restarts. */
  readonly restartMillisMax: number;
  readonly violations: readonly string[];
}

const CLIENTS = 16;
/** A kill comes after so many acknowledgements at most, at a random one. */
const PAYMENTS_PER_KILL_MAX = 400;
/** Of the kills, those before which the server was started and ended in order. */
const ORDERLY_SHARE = 0.3;
const CUSTOMERS = 40;
const MERCHANTS = 7;
/** Projections follow the log; what they show has to be right by then. */
const PROJECTED_WITHIN_MS = 90_000;
const PAGE_LIMIT = 500;

export async function runCrashes(options: CrashRunOptions): Promise<CrashReport> {
  const run = new CrashRun(options);
  for (let kill = 0; kill < options.kills; kill++) {
    await run.killOnce();
    options.onKill(run.report());
  }
  await run.checkEverything();
  return run.report();
}

class CrashRun {
  readonly #options: CrashRunOptions;
  readonly #random: () => number;
  readonly #known = new Map<string, Acknowledged>();
  readonly #violations: string[] = [];
  #unsure: readonly SentPayment[] = [];
  #sent = 0;
  #kills = 0;
  #unsureCount = 0;
  #unsureButKept = 0;
  #restartMillisMax = 0;

  constructor(options: CrashRunOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
  }

  /** Starts the server on what the last kill left, settles what was unsure, and kills it under load. */
  async killOnce(): Promise<void> {
    if (this.#random() < ORDERLY_SHARE) await this.#endInOrder();
    const server = await this.#start();
    const client = createJsonClient(server.url, CLIENTS);
    await this.#settleUnsure(client);
    await this.#checkSample(client);
    const killAt = 1 + Math.floor(this.#random() * PAYMENTS_PER_KILL_MAX);
    let killed: Promise<void> | null = null;
    const result = await sendUntilGone({
      client,
      clients: CLIENTS,
      nextPayment: () => this.#nextPayment(),
      onAcknowledged: (count) => {
        if (count >= killAt) killed ??= server.kill();
      },
    });
    await (killed ?? server.kill());
    this.#kills += 1;
    client.close();
    for (const acknowledged of result.acknowledged) this.#known.set(acknowledged.payment.id, acknowledged);
    this.#violations.push(...result.unexpected);
    this.#unsure = result.unsure;
    this.#unsureCount += result.unsure.length;
  }

  /** Every payment, every account, then the log itself, after a last kill and after a proper end. */
  async checkEverything(): Promise<void> {
    const server = await this.#start();
    const client = createJsonClient(server.url, CLIENTS);
    await this.#settleUnsure(client);
    const known = [...this.#known.values()];
    await inParallel(known, async (payment) => {
      const path = `/v1/payments/${payment.payment.id}`;
      const answer = await askUntil(client, path, ({ status }) => status === 200);
      this.#violations.push(...contradictions(payment, answer));
      this.#known.set(payment.payment.id, acknowledgedBy(payment.payment, answer));
    });
    await this.#checkAccounts(client);
    client.close();
    await this.#verify('beside the running server');
    const code = await server.terminate();
    if (code !== 0) this.#violations.push(`SIGTERM ended with ${code}`);
    await this.#verify('after the end');
    await this.#replay();
  }

  report(): CrashReport {
    return {
      kills: this.#kills,
      acknowledged: this.#known.size,
      unsure: this.#unsureCount,
      unsureButKept: this.#unsureButKept,
      restartMillisMax: Math.round(this.#restartMillisMax),
      violations: this.#violations,
    };
  }

  /** So that the next start has a checkpoint to begin from, and the start after that a tail behind it. */
  async #endInOrder(): Promise<void> {
    const server = await this.#start();
    const code = await server.terminate();
    if (code !== 0) this.#violations.push(`SIGTERM ended with ${code}`);
  }

  async #start() {
    const before = performance.now();
    const server = await startServer(this.#options.dataFolder);
    this.#restartMillisMax = Math.max(this.#restartMillisMax, performance.now() - before);
    return server;
  }

  /** A client that got no answer sends the same again, and gets one effect. */
  async #settleUnsure(client: JsonClient): Promise<void> {
    await inParallel(this.#unsure, async (payment) => {
      const answer = await client.send('POST', '/v1/payments', payment);
      if (answer.status === 200) this.#unsureButKept += 1;
      else if (answer.status !== 201)
        this.#violations.push(`${payment.id}: sent again, answered ${answer.status}`);
      this.#known.set(payment.id, acknowledgedBy(payment, answer));
    });
    this.#unsure = [];
  }

  /** The newest acknowledgements, sent again, are answered as before. */
  async #checkSample(client: JsonClient): Promise<void> {
    await inParallel([...this.#known.values()].slice(-CLIENTS * 4), async (known) => {
      const answer = await client.send('POST', '/v1/payments', known.payment);
      this.#violations.push(...contradictions(known, answer));
    });
  }

  async #checkAccounts(client: JsonClient): Promise<void> {
    for (const [account, expected] of expectedAccounts(this.#known.values())) {
      const path = `/v1/accounts/${encodeURIComponent(account)}`;
      const { body } = await askUntil(client, path, (answer) => answer.body['posted'] === expected.posted);
      if (body['posted'] !== expected.posted) {
        this.#violations.push(
          `${account}: posted ${String(body['posted'])}, payments say ${expected.posted}`,
        );
      }
      const entries = await countEntries(client, path);
      if (entries !== expected.entries) {
        this.#violations.push(`${account}: ${entries} entries, payments say ${expected.entries}`);
      }
    }
  }

  async #verify(when: string): Promise<void> {
    const { dataFolder } = this.#options;
    const { problems } = await runVerify({ dataFolder, anchorFile: join(dataFolder, 'anchors.log') });
    this.#violations.push(
      ...problems.map(({ position, detail }) => `verify ${when}: ${position}: ${detail}`),
    );
  }

  /** Vectors that were scored before, between and after kills are those of a log that never saw one. */
  async #replay(): Promise<void> {
    const { features } = await runReplay({ dataFolder: this.#options.dataFolder, recomputeFeatures: true });
    if (features === undefined || features.vectors === 0)
      this.#violations.push('replay: no vector was computed again');
    for (const example of features?.examples ?? []) {
      this.#violations.push(`replay: ${JSON.stringify(example)}`);
    }
  }

  #nextPayment(): SentPayment {
    this.#sent += 1;
    const customer = Math.floor(this.#random() * CUSTOMERS);
    return {
      id: `pay_${this.#options.seed}_${this.#sent}`,
      occurredAt: new Date().toISOString(),
      amount: 1 + Math.floor(this.#random() * 20_000),
      asset: 'EUR',
      debtor: `customer:${customer}`,
      creditor: `merchant:${Math.floor(this.#random() * MERCHANTS)}`,
      card: { id: `card_${customer}` },
      ip: `198.51.100.${customer}`,
    };
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const workers = Array.from({ length: CLIENTS }, async () => {
    for (let item = rest.pop(); item !== undefined; item = rest.pop()) await work(item);
  });
  await Promise.all(workers);
}

/** Asks until the answer is as wanted, or for so long that it will not be. */
async function askUntil(
  client: JsonClient,
  path: string,
  isWanted: (answer: JsonAnswer) => boolean,
): Promise<JsonAnswer> {
  const deadline = performance.now() + PROJECTED_WITHIN_MS;
  for (;;) {
    const answer = await client.send('GET', path);
    if (isWanted(answer) || performance.now() > deadline) return answer;
  }
}

async function countEntries(client: JsonClient, accountPath: string): Promise<number> {
  let count = 0;
  let after: unknown = null;
  do {
    const cursor = typeof after === 'string' ? `&after=${encodeURIComponent(after)}` : '';
    const { body } = await client.send('GET', `${accountPath}/entries?limit=${PAGE_LIMIT}${cursor}`);
    count += (body['entries'] as readonly unknown[]).length;
    after = body['next'];
  } while (typeof after === 'string');
  return count;
}
