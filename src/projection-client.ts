/**
 * The way to the read models on their own thread. Every query is one message there and one back; the
 * thread is told of a new head of the log, and tells how far it has come.
 */
import { Worker } from 'node:worker_threads';
import type { Logger } from '#src/observability/logger.ts';
import { CursorInvalidError, ProjectionBehindError, type LedgerQueries } from '#src/ports/ledger-queries.ts';
import type {
  FromProjections,
  ProjectionThreadSettings,
  QueryCall,
  QueryFault,
  ToProjections,
} from './projection-messages.ts';

/** Reads that wait for their answer, at most; further ones are told to come back. */
const QUERIES_IN_FLIGHT_MAX = 1_024;
/**
 * Between two heads while nobody reads: rows are read from the log and folded at less cost together,
 * and a message is a call of the kernel on either side.
 */
const TELL_EVERY_MS = 25;
/** A head that was not reached for so long is told again with the next one. */
const TELL_AGAIN_MS = 100;
/** A read after a write waits so long for the read models to come up with it. */
const WAIT_MS = 2_000;

export interface ProjectionFiles {
  readonly log: string;
  readonly projections: string;
}

export interface RunningProjections {
  readonly queries: LedgerQueries;
  /** Rows of the log that reads do not show yet. */
  lag(): number;
  /** The log goes to this position now. */
  notify(position: number): void;
  /** The log was opened again by its writer, after a fault. */
  reopenLog(): void;
  stop(): Promise<void>;
}

/** Resolves once the read models have come up with the log. @throws when their thread cannot start. */
export async function startProjections(files: ProjectionFiles, log: Logger): Promise<RunningProjections> {
  const settings: ProjectionThreadSettings = {
    logFile: files.log,
    storeFolder: files.projections,
    waitMs: WAIT_MS,
  };
  const worker = new Worker(new URL('./projection-thread.ts', import.meta.url), { workerData: settings });
  const client = new ProjectionClient(worker, log);
  await client.ready;
  return client;
}

interface PendingQuery {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

class ProjectionClient implements RunningProjections {
  readonly ready: Promise<void>;
  readonly queries: LedgerQueries;
  readonly #worker: Worker;
  readonly #log: Logger;
  readonly #pending = new Map<number, PendingQuery>();
  readonly #listeners = new Set<(position: number) => void>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  #position = 0;
  #head = 0;
  /** The head that the thread was told of last. */
  #told = 0;
  #toldAt = -Infinity;
  #telling: NodeJS.Timeout | undefined;
  /** Why nothing is answered any more. */
  #endedBecause: string | undefined;

  constructor(worker: Worker, log: Logger) {
    this.#worker = worker;
    this.#log = log;
    this.#ended = new Promise((resolve) => worker.once('exit', () => resolve()));
    this.queries = this.#createQueries();
    this.ready = new Promise((resolve, reject) => {
      worker.on('message', (message: FromProjections) => {
        if (message.type === 'ready') resolve();
        this.#receive(message);
      });
      worker.once('error', (error: Error) => {
        reject(error);
        this.#lost(error);
      });
    });
  }

  lag(): number {
    return Math.max(0, this.#head - this.#position);
  }

  notify(position: number): void {
    this.#head = position;
    this.#tellWhenDue();
  }

  /**
   * While the thread is on its way to a head it is not told of further ones: it is told when it arrives,
   * at once when a read waits, otherwise with what has come by then.
   */
  #tellWhenDue(): void {
    if (this.#head <= this.#told || this.#telling !== undefined) return;
    const passedMs = performance.now() - this.#toldAt;
    if (this.#told > this.#position && passedMs < TELL_AGAIN_MS) return;
    if (this.#pending.size > 0 || passedMs >= TELL_EVERY_MS) this.#tellHead();
    else this.#telling = setTimeout(() => this.#tellHead(), TELL_EVERY_MS - passedMs).unref();
  }

  #tellHead(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    this.#told = this.#head;
    this.#toldAt = performance.now();
    this.#post({ type: 'head', position: this.#head });
  }

  reopenLog(): void {
    this.#post({ type: 'reopen' });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#telling);
    this.#post({ type: 'stop' });
    await this.#ended;
    this.#end('the read models have stopped');
  }

  #createQueries(): LedgerQueries {
    return {
      payment: (...args) => this.#ask({ name: 'payment', args }),
      searchPayments: (...args) => this.#ask({ name: 'searchPayments', args }),
      account: (...args) => this.#ask({ name: 'account', args }),
      accountEntries: (...args) => this.#ask({ name: 'accountEntries', args }),
      entity: (...args) => this.#ask({ name: 'entity', args }),
      listEntries: (...args) => this.#ask({ name: 'listEntries', args }),
      subject: (...args) => this.#ask({ name: 'subject', args }),
      tokens: (...args) => this.#ask({ name: 'tokens', args }),
      journal: (...args) => this.#ask({ name: 'journal', args }),
      events: (...args) => this.#ask({ name: 'events', args }),
      position: () => this.#position,
      onPosition: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }

  #ask<T>(call: QueryCall): Promise<T> {
    if (this.#endedBecause !== undefined)
      return Promise.reject(new ProjectionBehindError(this.#endedBecause));
    if (this.#pending.size >= QUERIES_IN_FLIGHT_MAX) {
      return Promise.reject(new ProjectionBehindError(`${this.#pending.size} reads are waiting already`));
    }
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      // What was written before a read is asked for is what it may wait for.
      if (this.#head > this.#told) this.#tellHead();
      this.#post({ type: 'query', id, call });
    });
  }

  #post(message: ToProjections): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromProjections): void {
    switch (message.type) {
      case 'ready':
      case 'position':
        return this.#reached(message.position);
      case 'result':
        return this.#take(message.id)?.resolve(message.value as never);
      case 'error':
        return this.#take(message.id)?.reject(errorOf(message.fault, message.message));
      case 'rebuild':
        return this.#log.warn(`the read models are built again: ${message.reason}`);
      case 'failure':
        // The next batch is told, and with it the attempt is made again.
        this.#told = this.#position;
        return this.#log.error('the read models do not follow the log', { error: message.error });
    }
  }

  #reached(position: number): void {
    this.#position = position;
    this.#tellWhenDue();
    for (const listener of this.#listeners) listener(position);
  }

  #take(id: number): PendingQuery | undefined {
    const query = this.#pending.get(id);
    this.#pending.delete(id);
    return query;
  }

  /** The thread has died: nothing will be answered any more. */
  #lost(error: Error): void {
    this.#log.error('the read models have ended', { error });
    this.#end(error.message);
  }

  #end(reason: string): void {
    this.#endedBecause ??= reason;
    for (const { reject } of this.#pending.values()) reject(new ProjectionBehindError(reason));
    this.#pending.clear();
  }
}

function errorOf(fault: QueryFault, message: string): Error {
  if (fault === 'behind') return new ProjectionBehindError(message);
  return fault === 'cursor' ? new CursorInvalidError(message) : new Error(message);
}
