/**
 * The way to a shard on its own thread. Commands of one turn of the event loop go in one message;
 * answers come in the order of the commands.
 */
import { Worker } from 'node:worker_threads';
import type { Answer } from '#src/domain/answer.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { TokenCreated } from '#src/domain/shared-fact.ts';
import type { CommandGateway, GatewayReply, Readiness } from '#src/ports/command-gateway.ts';
import type { Logger } from '#src/observability/logger.ts';
import type { ShardReport } from '#src/ports/shard-report.ts';
import type { ShardSettings } from './shard-parts.ts';
import { CommandMessageWriter, readAnswerMessage, type FromShard } from './shard-messages.ts';

/** Commands that wait for their answer, at most; further ones are turned away at once. */
const IN_FLIGHT_MAX = 65_536;

/**
 * What one batch allocates lives until it is committed. With the usual 16 MiB the collector copies it
 * again and again: 69 collections and 9 microseconds a payment at batches of 1,024.
 */
const YOUNG_GENERATION_MIB = 192;
/** A process on its own has one. */
const ONLY_SHARD = 0;
/** Callbacks that are done are dropped together. */
const FORGET_DONE_AT = 4_096;

type OnReply = (reply: GatewayReply) => void;

export interface ShardClientSettings {
  readonly worker: Worker;
  readonly log: Logger;
}

/** The commands of the system have a reply too; this is the one that says that it was done. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** Starts the thread; resolves when the log is read back and everything is in force. */
export async function startShard(settings: ShardSettings, log: Logger): Promise<ShardClient> {
  const worker = new Worker(new URL('./shard-thread.ts', import.meta.url), {
    workerData: settings,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
  });
  const client = new ShardClient({ worker, log });
  await client.started;
  return client;
}

export class ShardClient implements CommandGateway {
  readonly #settings: ShardClientSettings;
  readonly #outgoing = new CommandMessageWriter();
  /** Callbacks of commands under way, oldest first; those before `#oldest` are done. */
  #waiting: OnReply[] = [];
  #oldest = 0;
  #flushing = false;
  #position = 0;
  #report: ShardReport | undefined;
  #readiness: Readiness = { ready: false, reasons: ['starting'] };
  /** What of the traffic the model was not trained for. */
  #warnings: readonly string[] = [];
  readonly #stopped: Promise<void>;
  readonly #tokens = new Map<string, TokenCreated>();
  readonly #positionListeners: ((position: number) => void)[] = [];
  #onReopened: () => void = () => undefined;
  readonly started: Promise<void>;
  #markStarted: () => void = () => undefined;

  constructor(settings: ShardClientSettings) {
    this.#settings = settings;
    const { worker } = settings;
    this.#stopped = new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`the shard ended with ${code}`)),
      );
    });
    this.#stopped.catch((error: unknown) => this.#lost(error));
    const running = new Promise<void>((resolve) => (this.#markStarted = resolve));
    this.started = Promise.race([running, this.#stopped]);
    worker.on('message', (message: FromShard) => this.#receive(message));
  }

  readonly submit = (envelope: CommandEnvelope, onReply: OnReply): void => {
    if (this.inFlight >= IN_FLIGHT_MAX) {
      setImmediate(onReply, { type: 'unavailable', cause: 'overloaded' });
      return;
    }
    this.#outgoing.add(envelope);
    this.#waiting.push(onReply);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(this.#flush);
  };

  readonly readiness = (): Readiness =>
    this.#readiness.ready && this.#warnings.length > 0
      ? { ready: true, warnings: this.#warnings }
      : this.#readiness;

  get inFlight(): number {
    return this.#waiting.length - this.#oldest;
  }

  /** What the shard said last of what it has done; undefined before it did. */
  get report(): ShardReport | undefined {
    return this.#report;
  }

  /** The tokens that were in force at the start, and those made since through `addToken`. */
  tokens(): readonly TokenCreated[] {
    return [...this.#tokens.values()];
  }

  addToken(token: TokenCreated): void {
    this.#tokens.set(token.tokenId, token);
  }

  /** Calls the listener with each position of the log that is durable, from the present one on. */
  onPosition(listener: (position: number) => void): void {
    this.#positionListeners.push(listener);
    listener(this.#position);
  }

  /** Called whenever the log was opened again after a fault. */
  onReopened(listener: () => void): void {
    this.#onReopened = listener;
  }

  /** One command. @throws CommandFailed when it was not done. */
  ask(envelope: CommandEnvelope): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.submit(envelope, (reply) => {
        if (reply.type === 'unavailable') return reject(new CommandFailed(reply.cause));
        if (reply.answer.type === 'RefusedAnswer') return reject(new CommandFailed(reply.answer.detail));
        resolve(reply.answer);
      });
    });
  }

  /** Resolves when the shard has finished what it took in, and is closed. */
  async stop(): Promise<void> {
    this.#readiness = { ready: false, reasons: ['stopping'] };
    this.#flush();
    this.#settings.worker.postMessage({ type: 'stop' });
    await this.#stopped;
  }

  readonly #flush = (): void => {
    this.#flushing = false;
    if (this.#outgoing.isEmpty) return;
    const bytes = this.#outgoing.take();
    this.#settings.worker.postMessage(bytes, [bytes.buffer]);
  };

  #receive(message: FromShard): void {
    if (message instanceof Uint8Array) return this.#answer(message);
    switch (message.type) {
      case 'readiness':
        this.#readiness = message.readiness;
        return;
      case 'unavailable':
        for (let i = 0; i < message.count; i++) this.#reply({ type: 'unavailable', cause: message.cause });
        return;
      case 'traffic':
        return this.#traffic(message.gaps);
      case 'failure':
        return this.#settings.log.error(message.message, { cause: 'shard' });
      case 'report':
        this.#report = message.report;
        return;
      case 'started':
        for (const token of message.tokens) this.#tokens.set(token.tokenId, token);
        return this.#markStarted();
      case 'recovered':
        this.#settings.log.info('read back from the log', {
          count: message.rows,
          position: message.position,
        });
        this.#onReopened();
        return this.#moved(message.position);
    }
  }

  #traffic(gaps: readonly string[]): void {
    this.#warnings = gaps;
    for (const gap of gaps) this.#settings.log.warn(gap, { cause: 'model' });
    if (gaps.length === 0) this.#settings.log.info('the traffic fits the model again', { cause: 'model' });
  }

  #moved(position: number): void {
    this.#position = position;
    for (const listener of this.#positionListeners) listener(position);
  }

  #answer(bytes: Uint8Array): void {
    const { position, answers } = readAnswerMessage(bytes);
    this.#moved(position);
    const place = { shard: ONLY_SHARD, position };
    for (const answer of answers) this.#reply({ type: 'answered', answer, place });
  }

  #reply(reply: GatewayReply): void {
    const onReply = this.#waiting[this.#oldest++];
    if (!onReply) throw new Error('the shard answered more commands than it was sent');
    if (this.#oldest === this.#waiting.length || this.#oldest >= FORGET_DONE_AT) {
      this.#waiting = this.#waiting.slice(this.#oldest);
      this.#oldest = 0;
    }
    onReply(reply);
  }

  /** The thread has died: nothing will be answered any more. */
  #lost(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#readiness = { ready: false, reasons: [reason] };
    this.#settings.log.error(reason, { cause: 'shard' });
    while (this.inFlight > 0) this.#reply({ type: 'unavailable', cause: 'outcome_unknown' });
  }
}
