/**
 * The way to a shard on its own thread. Commands of one turn of the event loop go in one message;
 * answers come in the order of the commands.
 */
import type { Worker } from 'node:worker_threads';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import type { TokenCreated } from '#src/domain/events.ts';
import type { CommandGateway, GatewayReply, Readiness } from '#src/ports/command-gateway.ts';
import { CommandMessageWriter, readAnswerMessage, type FromShard } from './shard-messages.ts';

/** Commands that wait for their answer, at most; further ones are turned away at once. */
const IN_FLIGHT_MAX = 65_536;

/** Callbacks that are done are dropped together. */
const FORGET_DONE_AT = 4_096;

type OnReply = (reply: GatewayReply) => void;

export interface ShardClientSettings {
  readonly worker: Worker;
  readonly onFailure: (message: string) => void;
  readonly onRecovered: (recovered: { readonly rows: number; readonly position: number }) => void;
  /** It is ready, with these tokens in force. */
  readonly onStarted: (tokens: readonly TokenCreated[]) => void;
  /** A batch was answered: the log goes to this position. */
  readonly onPosition: (position: number) => void;
}

export class ShardClient implements CommandGateway {
  readonly #settings: ShardClientSettings;
  readonly #outgoing = new CommandMessageWriter();
  /** Callbacks of commands under way, oldest first; those before `#oldest` are done. */
  #waiting: OnReply[] = [];
  #oldest = 0;
  #flushing = false;
  #readiness: Readiness = { ready: false, reasons: ['starting'] };
  readonly #stopped: Promise<void>;

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

  readonly readiness = (): Readiness => this.#readiness;

  get inFlight(): number {
    return this.#waiting.length - this.#oldest;
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
      case 'failure':
        return this.#settings.onFailure(message.message);
      case 'started':
        return this.#settings.onStarted(message.tokens);
      case 'recovered':
        this.#settings.onPosition(message.position);
        return this.#settings.onRecovered(message);
    }
  }

  #answer(bytes: Uint8Array): void {
    const { position, answers } = readAnswerMessage(bytes);
    this.#settings.onPosition(position);
    for (const answer of answers) this.#reply({ type: 'answered', answer, position });
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
    this.#settings.onFailure(reason);
    while (this.inFlight > 0) this.#reply({ type: 'unavailable', cause: 'outcome_unknown' });
  }
}
