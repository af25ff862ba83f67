/**
 * Where a shard keeps the part of its state that does not fit in memory. It is a cache of the log:
 * lost, it is rebuilt; it never runs ahead of what the log holds.
 *
 * Guarantees: a write is atomic; once it resolved it is seen by every later read and survives power loss,
 * and no write survives one that resolved before it and is lost; keys are ordered.
 */
export interface StateWrite {
  readonly puts: readonly { readonly key: string; readonly value: Uint8Array }[];
  readonly deletes: readonly string[];
}

export interface StateStore {
  /** Undefined when the key is not there. Synchronous: the shard waits for it anyway. */
  get(key: string): Uint8Array | undefined;
  /** The values must stay as they are until it has resolved. */
  write(write: StateWrite): Promise<void>;
  /** Keys that begin with `prefix`, in order, with their values. */
  entries(prefix: string): AsyncIterable<readonly [string, Uint8Array]>;
  clear(): Promise<void>;
  close(): Promise<void>;
}
