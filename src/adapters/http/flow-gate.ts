/**
 * Counts what was taken in and is not answered, and closes before memory grows.
 *
 * A command that waits costs a few KiB here and in the queue behind. What comes above the limit is
 * turned away at once: a client that retries later is better off than one that waits behind a queue
 * that only grows.
 */

/** Bodies of commands that wait; what is made of them is some four times as large. */
const BYTES_MAX = 64 * 1024 ** 2;

export class FlowGate {
  readonly #inFlightMax: number;
  #inFlight = 0;
  #bytes = 0;
  #stopping = false;
  #whenEmpty: (() => void) | undefined;

  constructor(inFlightMax: number) {
    this.#inFlightMax = inFlightMax;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Why nothing more can be taken in now, or undefined when it can. */
  get closedBy(): 'stopping' | 'overloaded' | undefined {
    if (this.#stopping) return 'stopping';
    const isFull = this.#inFlight >= this.#inFlightMax || this.#bytes >= BYTES_MAX;
    return isFull ? 'overloaded' : undefined;
  }

  /** Counts one in with the bytes of its body; `leave` must be called once for it, with the same. */
  enter(bytes: number): void {
    this.#inFlight += 1;
    this.#bytes += bytes;
  }

  leave(bytes: number): void {
    this.#inFlight -= 1;
    this.#bytes -= bytes;
    if (this.#inFlight === 0) this.#whenEmpty?.();
  }

  /** From now on the server stops; resolves when everything that was taken in is answered. */
  stop(): Promise<void> {
    this.#stopping = true;
    if (this.#inFlight === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#whenEmpty = resolve;
    return promise;
  }
}
