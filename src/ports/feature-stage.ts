/**
 * Entity histories as a shard uses them: each attempt gets the vector of what was known before it,
 * and becomes a part of the history for the next. Outcomes follow, and count only after their delay.
 */
import type { EntityPosition } from '#src/domain/events.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import type { RemoteHistoriesReport } from './shard-report.ts';

/** An attempt that `observe` will be told of, as far as histories need to know before. */
export interface ComingAttempt {
  readonly entityKeys: Uint8Array;
  readonly featureTime: number;
  /** Minor units of `asset`, at the rates that are in force for the whole batch. */
  readonly amount: number;
  readonly asset: string;
}

export interface Attempt {
  readonly request: PaymentRequest;
  /** Keyed hashes of its entities, as ingest made them. */
  readonly entityKeys: Uint8Array;
  /** Milliseconds since 1970. */
  readonly featureTime: number;
  readonly receivedAt: number;
  readonly shardTime: number;
}

/** What only a ledger knows, as it stands before the attempt. Minor units of the payment's asset. */
export interface LedgerFacts {
  readonly debtorKnown: boolean;
  readonly debtorPosted: number;
  readonly debtorHeld: number;
  /** Open holds on the debtor's account. */
  readonly debtorOpenHolds: number;
  /** Undefined: the account may not overdraw, or without end. */
  readonly debtorOverdraftLimit: number | undefined;
  readonly debtorOpenedAt: number | undefined;
}

/** Of a debtor the ledger does not know, or where there is no ledger. */
export const NO_LEDGER_FACTS: LedgerFacts = {
  debtorKnown: false,
  debtorPosted: 0,
  debtorHeld: 0,
  debtorOpenHolds: 0,
  debtorOverdraftLimit: undefined,
  debtorOpenedAt: undefined,
};

export interface VectorRow {
  readonly values: Float32Array;
  readonly offset: number;
}

/**
 * A label of fraud is told once for a payment, and once more only after one that says it is legitimate
 * has taken it back; that one is told only after a label of fraud.
 */
export const OUTCOME_KINDS = [
  'posted',
  'denied',
  'rejected',
  'reversed',
  'fraud_label',
  'legitimate_label',
  'authorization_declined',
] as const;

/**
 * Which record of the log an outcome comes from: the same number when the record is told again, another
 * one for other records of these minutes.
 */
export type Origin = number;

export interface PaymentOutcome {
  readonly origin: Origin;
  readonly kind: (typeof OUTCOME_KINDS)[number];
  readonly paymentId: string;
  readonly entityKeys: Uint8Array;
  readonly featureTime: number;
  readonly shardTime: number;
  /** Minor units of the payment's asset. */
  readonly amount: number;
  readonly asset: string;
}

export interface SignalFact {
  readonly origin: Origin;
  readonly kind: string;
  readonly entityKeys: Uint8Array;
  readonly occurredAt: number;
  readonly shardTime: number;
}

/** A label on an entity, not on a payment. One that is not of fraud takes back those before it. */
export interface EntityLabel {
  readonly origin: Origin;
  readonly entityKeys: Uint8Array;
  readonly isFraud: boolean;
  readonly shardTime: number;
}

export interface FeatureStage {
  readonly featureCount: number;
  /** Makes the histories of a batch's attempts present; in the order in which they will be observed. */
  load(attempts: readonly ComingAttempt[]): Promise<void>;
  /** Writes the attempt's vector, then records the attempt. */
  observe(attempt: Attempt, facts: LedgerFacts, row: VectorRow): readonly EntityPosition[];
  recordOutcome(outcome: PaymentOutcome): void;
  recordSignal(signal: SignalFact): void;
  recordLabel(label: EntityLabel): void;
  /** Present where histories lie outside of the shard: they are not replayed, but told what they lack. */
  readonly remote?: RemoteHistories;
}

/**
 * A feature stage whose histories outlive the process. What has changed is written behind the log,
 * in small steps; a restart tells it again what stands in the rows behind `writtenPosition`, and it
 * ignores what it has already.
 */
export interface DurableFeatureStage extends FeatureStage {
  /** Everything of the log rows up to here is written; without a meaning where histories are remote. */
  readonly writtenPosition: number;
  /** What follows belongs to this row of the log. */
  beginRow(position: number): void;
  /** Writes a little of what has changed; only what is durable in the log. */
  writeSome(durablePosition: number): Promise<void>;
  writeAll(): Promise<void>;
  /** Forgets everything that is written, because the log is shorter; the stage must then be opened again. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Histories that may be away, or have lost what they were told. As long as they lack anything, vectors
 * are unreadable, and what was attempted and decided meanwhile is told again from the log.
 */
export interface RemoteHistories {
  /**
   * The first row up to `head` that has to be told again. Undefined: there is none, or the histories
   * cannot be reached.
   */
  firstMissing(head: number): Promise<number | undefined>;
  /** Tells a row again: `tell` observes its attempts and records its outcomes. False: it is to be tried later. */
  tellAgain(row: RowToTell, tell: () => void): Promise<boolean>;
  /**
   * Writes the history features of an attempt that was decided without them, from what stood before it,
   * and leaves all others as they are. False when they cannot be read now.
   */
  reread(attempt: Attempt, values: Float32Array): Promise<boolean>;
  /** How they stand at `now`, milliseconds since 1970. */
  report(now: number): RemoteHistoriesReport;
  /** The shard that each payment id belongs to; empty when that cannot be found out now. */
  claim(paymentIds: readonly string[]): Promise<readonly number[]>;
}

export interface RowToTell {
  readonly position: number;
  /** Of the log, as far as it is known. */
  readonly head: number;
  readonly shardTime: number;
  /** Amounts at the rates that were in force then. */
  readonly toReference: (amount: number, asset: string) => number | undefined;
}
