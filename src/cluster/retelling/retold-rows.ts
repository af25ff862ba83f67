/**
 * Cuts what a shard is told into rows of its log, as a shard that had decided it would have: a row spans
 * less than the shortest delay of an outcome, ends with new rates, and has no payment of an account behind
 * its signal. Where rows end depends on nothing but what is told, so that telling again gives the same rows.
 */
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import {
  commandRecord,
  encodePersonalParts,
  encodeRow,
  type RowInputs,
} from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import type { PersonalPart } from '#src/domain/personal-part.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { EMPTY_HEAD, type LogHead, type LogIdentity, type LogRow } from '#src/ports/event-log.ts';
import { BATCH_SPAN_MS } from '#src/shard/payment-flow.ts';
import { BATCH_MAX } from '#src/shard/shard.ts';

/** With its last record a row is still far below what a broker takes. */
const ROW_BYTES_MAX = 1024 * 1024;
/** Nothing of it came by a topic. */
const NO_INPUTS: RowInputs = { commands: 0, messages: 0 };

/** What decides about the row of a record before it is begun. */
export interface ComingRecord {
  readonly shardTime: number;
  /** The debtor of the payment that it receives. */
  readonly payer: string | undefined;
}

export class RetoldRows {
  readonly #identity: LogIdentity;
  readonly #onRow: (row: LogRow) => void;
  readonly #measure = new ByteWriter();
  readonly #signalled = new Set<string>();
  #head: LogHead = EMPTY_HEAD;
  #records: CommandRecord[] = [];
  #personal = new Map<number, PersonalPart>();
  #bytes = 0;
  #firstTime = 0;
  #endsWithRates = false;

  constructor(identity: LogIdentity, onRow: (row: LogRow) => void) {
    this.#identity = identity;
    this.#onRow = onRow;
  }

  /** Where the record that begins now will stand. */
  begin(coming: ComingRecord): { readonly position: number; readonly record: number } {
    if (this.#isOver(coming)) this.end();
    if (this.#records.length === 0) this.#firstTime = coming.shardTime;
    return { position: this.#head.position + 1, record: this.#records.length };
  }

  add(record: CommandRecord, part: PersonalPart | undefined): void {
    if (part) this.#personal.set(this.#records.length, part);
    this.#records.push(record);
    this.#measure.reset();
    commandRecord.write(this.#measure, record);
    this.#bytes += this.#measure.length + (part?.content.length ?? 0);
    for (const event of record.events) {
      if (event.type === 'SignalRecorded') this.#signalled.add(event.account);
      if (event.type === 'RatesRecorded') this.#endsWithRates = true;
    }
  }

  /** Ends the row that has begun. */
  end(): void {
    if (this.#records.length === 0) return;
    const row = sealRow({
      identity: this.#identity,
      head: this.#head,
      body: encodeRow(this.#records, NO_INPUTS),
      personal: encodePersonalParts(this.#personal),
    });
    this.#head = { position: row.position, hash: row.hash };
    this.#records = [];
    this.#personal = new Map();
    this.#signalled.clear();
    this.#bytes = 0;
    this.#endsWithRates = false;
    this.#onRow(row);
  }

  #isOver({ shardTime, payer }: ComingRecord): boolean {
    if (this.#records.length === 0) return false;
    if (this.#records.length >= BATCH_MAX || this.#bytes >= ROW_BYTES_MAX || this.#endsWithRates) return true;
    if (shardTime - this.#firstTime >= BATCH_SPAN_MS) return true;
    return payer !== undefined && this.#signalled.has(payer);
  }
}
