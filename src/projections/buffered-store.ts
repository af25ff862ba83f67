/**
 * What was derived from the log since the last checkpoint, in memory, before what the store holds.
 * A commit writes all of it as one atomic batch, so the store is always the projection of the log up
 * to one position.
 */
import type { StateStore } from '#src/ports/state-store.ts';

export class BufferedStore {
  readonly #store: StateStore;
  readonly #puts = new Map<string, Uint8Array>();
  readonly #deletes = new Set<string>();

  constructor(store: StateStore) {
    this.#store = store;
  }

  /** The bytes may be those of the buffer: a copy is needed before they are changed. */
  get(key: string): Uint8Array | undefined {
    return this.#puts.get(key) ?? (this.#deletes.has(key) ? undefined : this.#store.get(key));
  }

  put(key: string, value: Uint8Array): void {
    this.#deletes.delete(key);
    this.#puts.set(key, value);
  }

  delete(key: string): void {
    this.#puts.delete(key);
    this.#deletes.add(key);
  }

  /** Reads go on while it is written; nothing may be put until it is. */
  async commit(): Promise<void> {
    const puts = Array.from(this.#puts, ([key, value]) => ({ key, value }));
    await this.#store.write({ puts, deletes: [...this.#deletes] });
    this.#puts.clear();
    this.#deletes.clear();
  }

  /** What the store holds; not what is buffered. */
  stored(prefix: string): AsyncIterable<readonly [string, Uint8Array]> {
    return this.#store.entries(prefix);
  }
}
