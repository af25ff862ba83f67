/**
 * Turns what a shard tells its histories into records for the logs of the entities that it concerns.
 * Amounts are put into the reference currency here, at the rates that the caller names.
 */
import type { ComingAttempt, EntityLabel, PaymentOutcome, SignalFact } from '#src/ports/feature-stage.ts';
import { SIGNAL_KINDS } from '#src/features/catalogue/signal-features.ts';
import { TOLD } from '#src/features/history/entity-kinds.ts';
import { emptyRow } from '#src/features/history/history-row.ts';
import { AMOUNT_MAX } from '#src/features/history/layout.ts';
import { HistoryRows, TOLD_KINDS } from '#src/features/history-rows.ts';
import { KeyReader, SLOTS } from '#src/features/key-layout.ts';
import { PaymentEntities } from '#src/features/payment-entities.ts';
import { SIGNAL_RECORD, writeRecord } from './entity-record.ts';

/** A record and the entity whose log it belongs to. */
export interface ToldRecord {
  readonly keyLow: number;
  readonly keyHigh: number;
  readonly slot: number;
  readonly record: Uint8Array;
}

export type ToReference = (amount: number, asset: string) => number | undefined;

const NO_RATE = -1;
/** An attempt has no other origin than its payment. */
const ATTEMPT = 0;

export class ToldRecords {
  readonly #shard: number;
  readonly #reader = new KeyReader();
  readonly #entities = new PaymentEntities();
  readonly #rows = new HistoryRows();

  constructor(shard: number) {
    this.#shard = shard;
  }

  /** The attempt's records for those of the slots that it names. */
  ofAttempt(
    { entityKeys, featureTime }: Pick<ComingAttempt, 'entityKeys' | 'featureTime'>,
    {
      slots,
      amount,
      isFirstSeenCard,
    }: { slots: readonly number[]; amount: number; isFirstSeenCard: boolean },
  ): ToldRecord[] {
    const facts = { featureTime, amount, isFirstSeenCard };
    return this.#toEach(slots, entityKeys, (slot) =>
      writeRecord(this.#rows.ofAttempt(this.#entities, slot, facts), { shard: this.#shard, origin: ATTEMPT }),
    );
  }

  ofOutcome(outcome: PaymentOutcome, amount: number): ToldRecord[] {
    const told = TOLD_KINDS[outcome.kind];
    if (told === undefined) return [];
    const source = { shard: this.#shard, origin: outcome.origin };
    return this.#toEach(TOLD[told], outcome.entityKeys, (slot) =>
      writeRecord(this.#rows.ofOutcome(this.#entities, slot, { told, outcome, amount }), source),
    );
  }

  ofLabel(label: EntityLabel): ToldRecord[] {
    const source = { shard: this.#shard, origin: label.origin };
    return this.#toEach(TOLD.fraud, label.entityKeys, (slot) =>
      writeRecord(this.#rows.ofLabel(this.#entities, slot, label), source),
    );
  }

  ofSignal({ kind, entityKeys, occurredAt, shardTime, origin }: SignalFact): ToldRecord[] {
    const signal = (SIGNAL_KINDS as readonly string[]).indexOf(kind);
    if (signal < 0) return [];
    const row = { ...emptyRow(), time: Math.min(occurredAt, shardTime), flags: SIGNAL_RECORD };
    row.attributes[0] = signal;
    const source = { shard: this.#shard, origin };
    return this.#toEach([SLOTS.account], entityKeys, () => writeRecord(row, source));
  }

  #toEach(
    slots: readonly number[],
    entityKeys: Uint8Array,
    recordOf: (slot: number) => Uint8Array,
  ): ToldRecord[] {
    this.#entities.read(entityKeys);
    const words = this.#reader.read(entityKeys);
    const told: ToldRecord[] = [];
    for (const slot of slots) {
      const keyLow = words[2 * slot] ?? 0;
      const keyHigh = words[2 * slot + 1] ?? 0;
      if (keyLow !== 0 || keyHigh !== 0) told.push({ keyLow, keyHigh, slot, record: recordOf(slot) });
    }
    return told;
  }
}

/** Minor units of the reference currency, as histories keep them. */
export function amountIn(toReference: ToReference, amount: number, asset: string): number {
  const reference = toReference(amount, asset);
  return reference === undefined ? NO_RATE : Math.min(Math.round(reference), AMOUNT_MAX);
}
