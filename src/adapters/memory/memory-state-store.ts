/** A state store without a disk, for tests and for running a log through the ledger. */
import type { StateStore, StateWrite } from '#src/ports/state-store.ts';

export function createMemoryStateStore(): StateStore {
  const values = new Map<string, Uint8Array>();
  return {
    get: (key) => values.get(key),
    write: (write) => Promise.resolve(apply(values, write)),
    async *entries(prefix) {
      const keys = [...values.keys()].filter((key) => key.startsWith(prefix)).toSorted();
      for (const key of keys) yield [key, values.get(key) ?? new Uint8Array()] as const;
    },
    clear: () => Promise.resolve(values.clear()),
    close: () => Promise.resolve(),
  };
}

function apply(values: Map<string, Uint8Array>, { puts, deletes }: StateWrite): void {
  for (const { key, value } of puts) values.set(key, value);
  for (const key of deletes) values.delete(key);
}
