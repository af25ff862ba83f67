/**
 * The store of a replay that is to end with what another store holds: a row that is the same there is
 * not kept, because it can be read there. What is left in memory at the end is what differs.
 *
 * On the way there rows of open payments and of accounts differ for a while, so the memory is that
 * of the accounts and of what is open at one time, whatever the length of the log.
 */
import type { StateStore, StateWrite } from '#src/ports/state-store.ts';
import { ACCOUNT_PREFIX } from './projected-rows.ts';

export class ComparingStore implements StateStore {
  readonly #other: StateStore;
  /** Undefined where the row is gone here and stands in the other store; accounts whether they differ or not. */
  readonly #differing = new Map<string, Uint8Array | undefined>();

  constructor(other: StateStore) {
    this.#other = other;
  }

  /** Keys whose rows are not the same in both. */
  *differing(): Generator<string> {
    for (const [key, value] of this.#differing) {
      if (!isAccount(key) || !value || !this.#isSame(key, value)) yield key;
    }
  }

  get(key: string): Uint8Array | undefined {
    return this.#differing.has(key) ? this.#differing.get(key) : this.#other.get(key);
  }

  write({ puts, deletes }: StateWrite): Promise<void> {
    for (const { key, value } of puts) {
      // An account changes up to the end: comparing it before that is in vain.
      if (!isAccount(key) && this.#isSame(key, value)) this.#differing.delete(key);
      // A copy: the rows of one write share memory, all of which one that is kept would keep.
      else this.#differing.set(key, new Uint8Array(value));
    }
    for (const key of deletes) {
      if (this.#other.get(key)) this.#differing.set(key, undefined);
      else this.#differing.delete(key);
    }
    return Promise.resolve();
  }

  /** A replay begins with nothing. */
  async *entries(): AsyncGenerator<readonly [string, Uint8Array]> {}

  clear(): Promise<void> {
    return Promise.resolve(this.#differing.clear());
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #isSame(key: string, value: Uint8Array): boolean {
    const there = this.#other.get(key);
    return there !== undefined && Buffer.compare(there, value) === 0;
  }
}

function isAccount(key: string): boolean {
  return key.startsWith(ACCOUNT_PREFIX);
}
