/**
 * Follows a log and answers reads from what it has followed so far: the queries of the port on one
 * thread. Rows are applied when `advance` is told of a new head; a read that needs a position waits for it.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventLogReader } from '#src/ports/event-log.ts';
import { ProjectionBehindError, type LedgerQueries, type ReadOptions } from '#src/ports/ledger-queries.ts';
import { LogRecords } from './log-records.ts';
import type { Projection } from './projection.ts';
import { readAccount, readEntries } from './reads/account-reads.ts';
import { readEntity } from './reads/entity-reads.ts';
import { readListEntries } from './reads/list-reads.ts';
import { readEvents, readJournal } from './reads/log-pages.ts';
import { searchPayments } from './reads/payment-search.ts';
import { detailedPayment, findPayment } from './reads/payment-view.ts';
import { findSubjectParts } from './subject-records.ts';

export interface ProjectionReaderSettings {
  readonly projection: Projection;
  readonly log: EventLogReader;
  /** How long a read waits for the position it needs. */
  readonly waitMs: number;
  /** Calls back once after so many milliseconds, unless what it returns is called before. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}

/** One page of the log is applied before reads get their turn: some ten milliseconds. */
const PAGE_ROWS = 64;
const PAGE_BYTES = 1024 * 1024;

interface Waiter {
  readonly position: number;
  readonly resolve: () => void;
}

export class ProjectionReader {
  readonly #settings: ProjectionReaderSettings;
  readonly #records: LogRecords;
  readonly #waiters = new Set<Waiter>();
  readonly #listeners = new Set<(position: number) => void>();
  #advancing: Promise<void> | undefined;
  #isStopping = false;
  #wanted = 0;
  #erasures = 0;

  constructor(settings: ProjectionReaderSettings) {
    this.#settings = settings;
    this.#records = new LogRecords(settings.log);
  }

  get position(): number {
    return this.#settings.projection.position;
  }

  /**
   * Applies the log up to that position at least, or to its head where that is nearer.
   * @throws Error when the log contradicts itself, EventLogError when it cannot be read.
   */
  advance(head: number): Promise<void> {
    this.#wanted = Math.max(this.#wanted, head);
    this.#advancing ??= this.#applyPages().finally(() => (this.#advancing = undefined));
    return this.#advancing;
  }

  /** Ends the following between two pages, so that log and store can be closed. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#advancing?.catch(() => undefined);
  }

  queries(): Required<LedgerQueries> {
    const { projection, log } = this.#settings;
    const reading = { projection, records: this.#records, log };
    return {
      payment: (id, options) =>
        this.#when(options, async () => {
          const [input] = projection.fold.payment(id)?.inputs ?? [];
          const payment = input === undefined ? undefined : await findPayment(reading, input);
          return payment && detailedPayment(reading, payment);
        }),
      searchPayments: (search) => this.#when(search, () => searchPayments(reading, search)),
      account: (id, options) => this.#when(options, () => readAccount(reading, id, options)),
      accountEntries: (id, options) => this.#when(options, () => readEntries(reading, id, options)),
      entity: (name, options) => this.#when(options, () => readEntity(reading, name)),
      listEntries: (list, options) => this.#when(options, () => readListEntries(reading, list, options)),
      subject: (subject, options) =>
        this.#when(options, () => findSubjectParts(projection, this.#records, subject)),
      tokens: (options) => this.#when(options, () => Promise.resolve(projection.tokens.all())),
      journal: (options) => this.#when(options, () => readJournal(reading, options)),
      events: (options) => this.#when(options, () => readEvents(reading, options)),
      position: () => this.position,
      onPosition: (listener) => this.#listen(listener),
    };
  }

  async #applyPages(): Promise<void> {
    while (this.position < this.#wanted && !this.#isStopping && (await this.#applyPage())) await nextTurn();
  }

  async #applyPage(): Promise<boolean> {
    const { projection, log } = this.#settings;
    const rows = await log.read({ from: this.position + 1, maxRows: PAGE_ROWS, maxBytes: PAGE_BYTES });
    for (const row of rows) {
      projection.apply(row);
      if (projection.isCheckpointDue) await projection.checkpoint(row);
    }
    if (rows.length > 0) this.#tellPosition();
    return rows.length > 0;
  }

  #tellPosition(): void {
    if (this.#erasures !== this.#settings.projection.erasures) this.#records.forget();
    this.#erasures = this.#settings.projection.erasures;
    for (const waiter of this.#waiters) if (waiter.position <= this.position) waiter.resolve();
    for (const listener of this.#listeners) listener(this.position);
  }

  #listen(listener: (position: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #when<T>({ seen }: ReadOptions, read: () => Promise<T>): Promise<T> {
    const wanted = seen[this.#settings.log.identity.shard] ?? 0;
    if (wanted > this.position) await this.#reach(wanted);
    return read();
  }

  #reach(position: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = {
        position,
        resolve: () => {
          cancel();
          this.#waiters.delete(waiter);
          resolve();
        },
      };
      const cancel = this.#settings.after(this.#settings.waitMs, () => {
        this.#waiters.delete(waiter);
        reject(new ProjectionBehindError(`reads are at position ${this.position}, not yet at ${position}`));
      });
      this.#waiters.add(waiter);
    });
  }
}
