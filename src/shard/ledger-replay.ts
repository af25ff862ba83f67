/**
 * Applies a log to an empty ledger from its first event on (L8), and computes its vectors again where
 * that is asked for. What comes out depends on the log alone.
 */
import {
  decodePersonalContent,
  decodePersonalParts,
  decodePlacedRow,
} from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import { evolve } from '#src/domain/ledger/evolve.ts';
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import type { PersonalContent } from '#src/domain/personal-part.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import { comingAttempt } from './recovery.ts';
import type { AppliedContext } from './shard-state.ts';
import type { VectorRecompute } from './vector-recompute.ts';

const NO_KEYS = new Uint8Array();

interface ReplayedRecord {
  readonly record: CommandRecord;
  readonly context: AppliedContext;
}

export class LedgerReplay {
  readonly #ledger: LedgerState;
  readonly #vectors: VectorRecompute | undefined;
  #events = 0;
  #payments = 0;

  constructor(ledger: LedgerState, vectors: VectorRecompute | undefined) {
    this.#ledger = ledger;
    this.#vectors = vectors;
  }

  get events(): number {
    return this.#events;
  }

  get payments(): number {
    return this.#payments;
  }

  /** Gives the number of the row's records. @throws Error when it contradicts the ones before: the log is broken. */
  async apply(row: LogRow): Promise<number> {
    const records = this.#recordsOf(row);
    await this.#vectors?.beginRow(
      records.flatMap(({ record, context }) => comingAttempt(record.events, context)),
    );
    for (const { record, context } of records) this.#applyRecord(record, context);
    return records.length;
  }

  #applyRecord({ input, shardTime, events }: CommandRecord, context: AppliedContext): void {
    this.#vectors?.observe(events, context);
    for (const event of events) {
      evolve(this.#ledger, event, context);
      this.#vectors?.tell(event, context);
      if (event.type === 'PaymentReceived') this.#payments++;
    }
    this.#events += events.length;
    this.#ledger.counters.input = input;
    this.#ledger.counters.shardTime = shardTime;
  }

  #recordsOf({ position, body, personal }: LogRow): ReplayedRecord[] {
    const vectors = this.#vectors;
    const parts = decodePersonalParts(vectors ? personal : null);
    return decodePlacedRow(body, { skipsVectors: !vectors }).map(({ record }, index) => {
      const part = parts.get(index);
      const content: PersonalContent | undefined = part && decodePersonalContent(part);
      const entityKeys = vectors?.keysOf(record.events, content) ?? NO_KEYS;
      const { shardTime } = record;
      return { record, context: { shardTime, position, record: index, entityKeys, personal: content } };
    });
  }
}
