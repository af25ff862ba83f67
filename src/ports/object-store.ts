/**
 * Keeps files under names, where other machines find them. What is kept here can be made again from the
 * log: it only saves time.
 */
export interface ObjectStore {
  /** Keeps the file's bytes under the name: a reader finds the object before or this one, never a part. */
  put(name: string, file: string): Promise<void>;
  /** Writes the object into the file. False where there is none. */
  get(name: string, file: string): Promise<boolean>;
  /** Names that begin with the prefix, in order. */
  list(prefix: string): Promise<readonly string[]>;
  /** Of what is not there nothing is removed. */
  remove(name: string): Promise<void>;
}
