/** Reads single records of the log by their place. Rows that were read lately are kept: neighbours are often in one row. */
import {
  decodePersonalContent,
  decodePersonalParts,
  decodeRecordAt,
  type PersonalParts,
} from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import type { PersonalContent } from '#src/domain/personal-part.ts';
import type { EventLogReader } from '#src/ports/event-log.ts';
import type { RecordPlace } from './place-columns.ts';

export interface FoundRecord {
  readonly place: RecordPlace;
  readonly record: CommandRecord;
  /** Absent when it has none, or when it was erased. */
  readonly personal?: PersonalContent;
}

interface KeptRow {
  readonly body: Uint8Array;
  readonly parts: PersonalParts;
}

/** A row of a full batch is about a megabyte. */
const ROWS_KEPT = 16;

export class LogRecords {
  readonly #log: EventLogReader;
  /** By position, the one that was read last at the end. */
  readonly #rows = new Map<number, KeptRow>();

  constructor(log: EventLogReader) {
    this.#log = log;
  }

  async at(place: RecordPlace): Promise<FoundRecord> {
    const { body, parts } = this.#rows.get(place.position) ?? (await this.#read(place.position));
    const record = decodeRecordAt(body, place.offset);
    const part = parts.get(place.record);
    return { place, record, ...(part ? { personal: decodePersonalContent(part) } : {}) };
  }

  /** Forgets what was read, so that what was erased since is gone. */
  forget(): void {
    this.#rows.clear();
  }

  async #read(position: number): Promise<KeptRow> {
    const [row] = await this.#log.read({ from: position, maxRows: 1 });
    if (row?.position !== position) throw new Error(`row ${position} of the log is gone`);
    const kept = { body: row.body, parts: decodePersonalParts(row.personal) };
    this.#rows.set(position, kept);
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= ROWS_KEPT) break;
      this.#rows.delete(oldest);
    }
    return kept;
  }
}
