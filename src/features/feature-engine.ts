/**
 * What the shard asks of the features: the vector of each attempt as of its place in the log, from
 * histories that it keeps. One writer calls it, in the order of the log.
 *
 * A batch goes: `load` once with the keys of all that it touches; `observe` for each payment, in
 * order; `fillLedgerFacts` in the payment's own round; `recordOutcome` for what was decided or
 * reported; after the commit `flush`, or `discard` when the commit failed.
 */
import type { PaymentFacts, PaymentPersonal } from '#src/domain/payment.ts';
import type { OutcomeKind } from './outcome-kind.ts';

export interface Attempt {
  readonly facts: PaymentFacts;
  /** Undefined when nothing personal was sent, or when it was erased. */
  readonly personal: PaymentPersonal | undefined;
  /** From `EntityKeyer.ofPayment`. */
  readonly keys: Uint8Array;
  /** The earlier of `occurredAt` and the arrival, at most a day behind the newest of the stream. */
  readonly featureTime: number;
  readonly shardTime: number;
  /** Minor units of the reference currency; undefined when there is no rate. */
  readonly amountReference: number | undefined;
}

export interface Outcome {
  readonly kind: OutcomeKind;
  /** Those of the payment; for a label on an entity, of that entity. */
  readonly keys: Uint8Array;
  readonly shardTime: number;
  /** What was posted or reversed, in minor units of the reference currency; undefined when there is no rate. */
  readonly amountReference: number | undefined;
  /** Feature time of the payment; of a label on an entity, when it was observed. */
  readonly featureTime: number;
  /** For a label: when the payment was posted, on the shard's clock; undefined when it was not. */
  readonly postedAt?: number;
  /** For a posting: what the habits compare. */
  readonly traits?: number;
}

export interface Signal {
  readonly kind: string;
  /** From `EntityKeyer.ofSignal`. */
  readonly keys: Uint8Array;
  /** The earlier of `occurredAt` and the arrival. */
  readonly featureTime: number;
}

/** The debtor's account before the payment, in minor units of its asset. */
export interface LedgerFacts {
  readonly posted: number;
  readonly held: number;
  readonly available: number;
  readonly overdraftLimit: number | undefined;
  readonly openHolds: number;
}

/** Where one row of vectors begins. */
export interface VectorSlot {
  readonly vectors: Float32Array;
  readonly offset: number;
}

export interface FeatureEngine {
  /**
   * Brings the histories of everything that row `position` of the log will touch into memory. A
   * position at or below what a history already holds (the replay of a tail) changes it no more.
   */
  load(position: number, keys: readonly Uint8Array[]): void | Promise<void>;
  /** Writes the vector as of now, then adds the attempt to the histories. */
  observe(attempt: Attempt, slot: VectorSlot): void;
  /** Writes the ledger's features; undefined facts: the account is not there. */
  fillLedgerFacts(amount: number, facts: LedgerFacts | undefined, slot: VectorSlot): void;
  recordOutcome(outcome: Outcome): void;
  /** Signals count at once, so they are recorded in log order with `observe`. */
  recordSignal(signal: Signal): void;
  /** Forgets everything in memory; what the log holds behind `checkpointPosition` is to be replayed. */
  discard(): void;
  /** Writes changed histories, longest unwritten first, at most `entitiesMax`; `position` is committed. */
  flush(position: number, entitiesMax: number): Promise<void>;
  /** Rows of the log up to this one are in the store. */
  checkpointPosition(): number;
}
