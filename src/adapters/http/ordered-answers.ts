/**
 * Writes answers in the order in which their lines came, whenever they are ready, and says when to stop
 * reading: when too many wait for their answers, or when the client does not read those that are there.
 */
import type { ServerResponse } from 'node:http';

/** Enough to fill the ledger's largest batch; one MiB of waiting payments. */
const WAITING_MAX = 1024;

export class OrderedAnswers {
  readonly #response: ServerResponse;
  /** From the first line that is not written; null where the answer is not there yet. */
  readonly #waiting: (string | null)[] = [];
  #written = 0;
  #flushing = false;
  #wake: (() => void) | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on('drain', () => this.#wake?.());
    response.on('close', () => this.#wake?.());
  }

  /** Keeps the place of one more line; the function fills it, with a text that ends the line. */
  open(): (text: string) => void {
    const index = this.#written + this.#waiting.push(null) - 1;
    return (text) => {
      this.#waiting[index - this.#written] = text;
      this.#flushSoon();
    };
  }

  /** Resolves when one more line may be read. */
  async whenRoom(): Promise<void> {
    while (this.#isFull()) await this.#nextChange();
  }

  /** Resolves when every line is answered, or nobody is there to be answered. */
  async whenDone(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#response.destroyed) await this.#nextChange();
  }

  #isFull(): boolean {
    if (this.#response.destroyed) return false;
    return this.#waiting.length >= WAITING_MAX || this.#response.writableNeedDrain;
  }

  #nextChange(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }

  /** Answers come in batches, in one turn; they leave in one write. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const ready = this.#waiting.indexOf(null);
    const texts = this.#waiting.splice(0, ready === -1 ? this.#waiting.length : ready);
    if (texts.length === 0) return;
    this.#written += texts.length;
    if (!this.#response.destroyed) this.#response.write(texts.join(''));
    this.#wake?.();
  }
}
