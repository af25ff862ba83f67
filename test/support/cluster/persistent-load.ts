/**
 * Clients of a ledger that never give up: what gets no answer, or is told to come back, is sent again,
 * the same payment, to whichever process answers. So every payment is acknowledged in the end, and what
 * stands then can be held against what the clients were told.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createJsonClient, type JsonAnswer, type JsonClient } from '#test/support/crash/json-client.ts';
import {
  acknowledgedBy,
  contradictions,
  type Acknowledged,
  type SentPayment,
} from '#test/support/crash/payment-ledger.ts';

export interface PersistentLoadOptions {
  /** Addresses of the processes that answer now; asked before each attempt. */
  readonly urls: () => readonly string[];
  readonly clients: number;
  readonly nextPayment: () => SentPayment;
}

/** Where nobody was answered for so long, nobody will be. */
const GIVE_UP_MS = 120_000;
const PAUSE_MS = 50;
/** After so many answers for each client no shard keeps them waiting: all of them would wait for it by then. */
const ANSWERS_PER_CLIENT = 4;

export class PersistentLoad {
  readonly acknowledged = new Map<string, Acknowledged>();
  readonly violations: string[] = [];
  /** Attempts that got no answer, or one that says to come back. */
  repeated = 0;
  readonly #options: PersistentLoadOptions;
  readonly #connections = new Map<string, JsonClient>();
  #isEnding = false;
  #running: Promise<unknown> = Promise.resolve();
  #turn = 0;
  #answers = 0;
  #answeredAt = 0;

  constructor(options: PersistentLoadOptions) {
    this.#options = options;
  }

  start(): void {
    const clients = Array.from({ length: this.#options.clients }, () => this.#sendUntilEnd());
    this.#running = Promise.all(clients);
    // Told to whoever waits for it to go on, or to end.
    this.#running.catch(() => undefined);
  }

  /** Resolves when the ledger decides again for everybody. @throws when nobody was answered for two minutes. */
  async goesOn(): Promise<void> {
    const enough = this.#answers + ANSWERS_PER_CLIENT * this.#options.clients;
    while (this.#answers < enough) await Promise.race([delay(PAUSE_MS), this.#running]);
  }

  /** Every payment that was begun is acknowledged then. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#running;
    for (const connection of this.#connections.values()) connection.close();
  }

  /**
   * Reads every payment until nothing is still to be scored again, and holds it against what was
   * acknowledged; what stands then is what is expected of balances.
   */
  async settle(): Promise<void> {
    for (const known of this.acknowledged.values()) {
      const answer = await this.#settled(`/v1/payments/${known.payment.id}`);
      this.violations.push(...contradictions(known, answer));
      this.acknowledged.set(known.payment.id, acknowledgedBy(known.payment, answer));
    }
  }

  async #settled(path: string): Promise<JsonAnswer> {
    const deadline = performance.now() + GIVE_UP_MS;
    for (;;) {
      const answer = await this.ask('GET', path);
      const { awaiting } = answer.body as { awaiting?: { for?: string } | null };
      if (awaiting?.for !== 'rescore' || performance.now() > deadline) return answer;
      await delay(PAUSE_MS);
    }
  }

  /** Sends one request until a process answers it. */
  async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<JsonAnswer> {
    const beganAt = performance.now();
    for (;;) {
      const answer = await this.#try(method, path, body);
      if (answer && answer.status !== 503 && answer.status !== 429) return this.#answered(answer);
      this.repeated += 1;
      const quietMs = performance.now() - Math.max(beganAt, this.#answeredAt);
      if (quietMs > GIVE_UP_MS) throw new Error(`${method} ${path} was not answered in time`);
      await delay(PAUSE_MS);
    }
  }

  #answered(answer: JsonAnswer): JsonAnswer {
    this.#answers += 1;
    this.#answeredAt = performance.now();
    return answer;
  }

  async #sendUntilEnd(): Promise<void> {
    while (!this.#isEnding) {
      const payment = this.#options.nextPayment();
      const answer = await this.ask('POST', '/v1/payments', payment);
      if (answer.status === 200 || answer.status === 201) this.#note(payment, answer);
      else this.violations.push(`${payment.id}: answered ${answer.status} ${JSON.stringify(answer.body)}`);
    }
  }

  #note(payment: SentPayment, answer: JsonAnswer): void {
    const before = this.acknowledged.get(payment.id);
    if (before) this.violations.push(...contradictions(before, { ...answer, status: 200 }));
    const known = acknowledgedBy(payment, answer);
    // Sent before: how it stands now, beside the decision that was the first.
    const isRepeated = answer.status === 200;
    this.acknowledged.set(
      payment.id,
      isRepeated ? { ...known, score: undefined, outcome: undefined } : known,
    );
  }

  async #try(method: 'GET' | 'POST', path: string, body?: object): Promise<JsonAnswer | undefined> {
    const urls = this.#options.urls();
    const url = urls[this.#turn++ % Math.max(urls.length, 1)];
    if (url === undefined) return undefined;
    try {
      return await this.#connectionTo(url).send(method, path, body);
    } catch {
      return undefined;
    }
  }

  #connectionTo(url: string): JsonClient {
    const known = this.#connections.get(url) ?? createJsonClient(url, this.#options.clients);
    this.#connections.set(url, known);
    return known;
  }
}
