/**
 * A store that remembers the records which compactions take out of logs, so that these can be read as if
 * there had been none. Stores of several shards may share one archive.
 */
import { readShape } from '#src/features/shared/log-shape.ts';
import type { EntityLogStore } from '#src/ports/entity-log-store.ts';
import { RECORD_BYTES } from '#src/ports/entity-log-store.ts';

type Logs = ReadonlyMap<string, Uint8Array>;

export class LogArchive {
  readonly #records = new Map<string, Uint8Array>();
  /** Heads that were replaced. */
  compactions = 0;

  /** The store remembers in here from then on. */
  follow(store: EntityLogStore): EntityLogStore {
    const replaceHead = store.replaceHead.bind(store);
    store.replaceHead = async (replacement) => {
      const { base, headBytes } = readShape(replacement.was);
      // Before it is known whether it comes to pass: the same records stand there in any case.
      this.#keep(replacement.name, base, replacement.was.subarray(headBytes));
      const isReplaced = await replaceHead(replacement);
      if (isReplaced) this.compactions++;
      return isReplaced;
    };
    return store;
  }

  /** Whole plain logs. */
  plain(logs: Logs): Logs {
    return new Map(
      [...logs].map(([name, log]) => {
        const { base, headBytes } = readShape(log);
        const before = (this.#records.get(name) ?? new Uint8Array()).subarray(0, base * RECORD_BYTES);
        return [name, Buffer.concat([before, log.subarray(headBytes)])];
      }),
    );
  }

  #keep(name: string, base: number, records: Uint8Array): void {
    const known = this.#records.get(name) ?? new Uint8Array();
    const from = base * RECORD_BYTES;
    const kept = new Uint8Array(Math.max(known.length, from + records.length));
    kept.set(known);
    kept.set(records, from);
    this.#records.set(name, kept);
  }
}
