/**
 * The entries that stand on the lists: where in the log each was added. All in memory, because lists
 * are short (`LIST_ENTRIES_MAX`: about 25 MB for each list at worst).
 */
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import type { ListName } from '#src/domain/list-entry.ts';
import type { BufferedStore } from './buffered-store.ts';

const LIST_PREFIX = 'list/';
const INPUT_BYTES = 8;

export class ListDirectory {
  readonly #store: BufferedStore;
  /** Input that added the entry, by list and entry id. */
  readonly #inputs = new Map<string, number>();

  private constructor(store: BufferedStore) {
    this.#store = store;
  }

  static async load(store: BufferedStore): Promise<ListDirectory> {
    const directory = new ListDirectory(store);
    for await (const [key, value] of store.stored(LIST_PREFIX)) {
      directory.#inputs.set(key, new ByteReader(value).uint());
    }
    return directory;
  }

  get size(): number {
    return this.#inputs.size;
  }

  apply({ input, events }: CommandRecord): void {
    for (const event of events) {
      if (event.type === 'ListEntryAdded') this.#add(keyOf(event.list, event.entryId), input);
      if (event.type === 'ListEntryRemoved') this.#remove(keyOf(event.list, event.entryId));
    }
  }

  /** Inputs of the entries of a list that were added after that input, in the order in which they were added. */
  inputsOf(list: ListName, after = 0): number[] {
    const prefix = keyOf(list, '');
    const inputs: number[] = [];
    for (const [key, input] of this.#inputs) if (key.startsWith(prefix) && input > after) inputs.push(input);
    return inputs.toSorted((a, b) => a - b);
  }

  /** Whether the entry that this input added still stands. */
  stands(list: ListName, entryId: string, input: number): boolean {
    return this.#inputs.get(keyOf(list, entryId)) === input;
  }

  #add(key: string, input: number): void {
    this.#inputs.set(key, input);
    const writer = new ByteWriter(INPUT_BYTES);
    writer.uint(input);
    this.#store.put(key, writer.toBytes());
  }

  #remove(key: string): void {
    this.#inputs.delete(key);
    this.#store.delete(key);
  }
}

function keyOf(list: ListName, entryId: string): string {
  return `${LIST_PREFIX}${list}/${entryId}`;
}
