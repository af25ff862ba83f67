/**
 * Everything that can happen in a ledger. The log is a sequence of these and nothing else; all
 * state, all balances and all projections follow from them.
 *
 * An event stands in a `CommandRecord`: the events of one command with what they share. Times are
 * milliseconds since 1970 (UTC) on the shard's clock unless a field says otherwise.
 */
import type { Direction, Overdraft } from './account.ts';
import type { DecisionRecord } from './decision.ts';
import type { EntityKind } from './entity.ts';
import type { Approval, JournalTransaction } from './journal-transaction.ts';
import type { PaymentFacts } from './payment.ts';
import type { ReversalKind } from './reversal-kind.ts';
import type { SagaEvent } from './saga-events.ts';
import type { SharedFact } from './shared-fact.ts';

export const AWAITABLE = ['review', 'capture', 'challenge', 'rescore', 'decision'] as const;
export type Awaitable = (typeof AWAITABLE)[number];

export const REJECTION_REASONS = [
  'debtor_unknown',
  'creditor_unknown',
  'debtor_frozen',
  'creditor_frozen',
  'debtor_closed',
  'creditor_closed',
  'asset_mismatch',
  'insufficient_funds',
  'receivable_outstanding',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

export const LABELS = ['fraud', 'legitimate'] as const;
export const LABEL_KINDS = [
  'stolen_card',
  'account_takeover',
  'first_party',
  'scam',
  'card_testing',
  'refund_abuse',
  'mule',
  'unknown',
] as const;
export const LABEL_SOURCES = [
  'chargeback',
  'early_warning',
  'customer_report',
  'issuer',
  'review',
  'refund',
  'recall',
] as const;
export const LABEL_STATES = ['open', 'won', 'lost'] as const;
export const REVIEW_OUTCOMES = ['approve', 'deny', 'escalate'] as const;
export const CHALLENGE_RESULTS = ['passed', 'failed', 'abandoned'] as const;
export const AUTHORIZATION_RESULTS = ['approved', 'declined'] as const;

export type LedgerOpened = {
  readonly type: 'LedgerOpened';
  readonly ledgerId: string;
  /** The version of Vouch that made the folder. */
  readonly software: string;
  readonly assets: Readonly<Record<string, number>>;
};

export type AccountOpened = {
  readonly type: 'AccountOpened';
  readonly account: string;
  readonly asset: string;
  readonly overdraft: Overdraft;
  readonly overdraftLimit?: number;
  readonly bodyDigest: Uint8Array;
};

export type AccountFrozen = {
  readonly type: 'AccountFrozen';
  readonly account: string;
  readonly direction: Direction;
  readonly reason: string;
};

export type AccountUnfrozen = {
  readonly type: 'AccountUnfrozen';
  readonly account: string;
  readonly direction: Direction;
  readonly reason: string;
};

export type AccountClosed = {
  readonly type: 'AccountClosed';
  readonly account: string;
  readonly reason: string;
};

export type TransferPosted = {
  readonly type: 'TransferPosted';
  readonly transferId: string;
  readonly reason: string;
  /** The settlement plan or proposal that asked for it. */
  readonly plan?: string;
  /** The account of another shard that the money is on its way to; absent where it has arrived. */
  readonly creditor?: string;
  readonly bodyDigest: Uint8Array;
  readonly transaction: JournalTransaction;
};

export type PaymentReceived = {
  readonly type: 'PaymentReceived';
  readonly facts: PaymentFacts;
  /** When ingest took it in. */
  readonly receivedAt: number;
  /** The earlier of `occurredAt` and `receivedAt`, not more than a day behind the stream. */
  readonly featureTime: number;
  /** SHA-256 of the canonical form of the request, and that form's version. */
  readonly bodyDigest: Uint8Array;
  readonly bodyVersion: number;
  /** SHA-256 of salt and personal part; absent when nothing personal was sent. */
  readonly personalDigest?: Uint8Array;
  /** The hold that reserves the funds; absent for a verification and for a rejected payment. */
  readonly hold?: number;
  /** Index of the shard of the creditor's account; absent where it is this one. */
  readonly creditorShard?: number;
  /** Where its attempt stands in the history of each entity that it names. */
  readonly positions: readonly EntityPosition[];
};

export interface EntityPosition {
  readonly kind: EntityKind;
  readonly epoch: number;
  readonly sequence: number;
}

export type PaymentRejected = {
  readonly type: 'PaymentRejected';
  readonly paymentId: string;
  readonly reason: RejectionReason;
};

export type PaymentDecided = {
  readonly type: 'PaymentDecided';
  readonly paymentId: string;
  readonly decision: DecisionRecord;
  /** What was scored; absent when a decision was taken on the vector of an earlier one. */
  readonly vector?: Float32Array;
};

export type PaymentAwaits = {
  readonly type: 'PaymentAwaits';
  readonly paymentId: string;
  readonly awaiting: Awaitable;
  readonly until: number;
};

export type PaymentPosted = {
  readonly type: 'PaymentPosted';
  readonly paymentId: string;
  readonly transaction: JournalTransaction;
};

export type PaymentCaptured = {
  readonly type: 'PaymentCaptured';
  readonly paymentId: string;
  readonly captureId: string;
  readonly amount: number;
  readonly final: boolean;
  readonly transaction: JournalTransaction;
};

export type PaymentRecorded = { readonly type: 'PaymentRecorded'; readonly paymentId: string };

export type PaymentDenied = {
  readonly type: 'PaymentDenied';
  readonly paymentId: string;
  readonly by: Approval;
};

export type PaymentVoided = {
  readonly type: 'PaymentVoided';
  readonly paymentId: string;
  readonly reason?: string;
};

export type PaymentExpired = {
  readonly type: 'PaymentExpired';
  readonly paymentId: string;
  readonly awaiting: Awaitable;
};

export type PaymentReversed = {
  readonly type: 'PaymentReversed';
  readonly paymentId: string;
  readonly reversalId: string;
  readonly kind: ReversalKind;
  readonly amount: number;
  readonly reference?: string;
  /** How much of it the creditor could not bear; it stands on the receivable account. */
  readonly receivable: number;
  readonly transaction: JournalTransaction;
};

export type AuthorizationRecorded = {
  readonly type: 'AuthorizationRecorded';
  readonly paymentId: string;
  /** Without one, the same content on the same payment is the same fact. */
  readonly authorizationId?: string;
  readonly result: (typeof AUTHORIZATION_RESULTS)[number];
  readonly code?: string;
  readonly cvc?: string;
  readonly avs?: string;
  readonly bodyDigest: Uint8Array;
};

export type ChallengeAnswered = {
  readonly type: 'ChallengeAnswered';
  readonly paymentId: string;
  readonly result: (typeof CHALLENGE_RESULTS)[number];
  readonly method?: string;
};

export type ReviewDecided = {
  readonly type: 'ReviewDecided';
  readonly paymentId: string;
  readonly outcome: (typeof REVIEW_OUTCOMES)[number];
  readonly reason: string;
  /** The token that decided. */
  readonly reviewer: string;
  /** When it takes effect on the money; until then it can be taken back. */
  readonly effectAt: number;
  /** SHA-256 of salt and note; absent without a note. */
  readonly personalDigest?: Uint8Array;
};

export type SignalRecorded = {
  readonly type: 'SignalRecorded';
  readonly signalId: string;
  readonly kind: string;
  readonly occurredAt: number;
  readonly account: string;
  readonly bodyDigest: Uint8Array;
  /** SHA-256 of salt and the device and address; absent when neither was sent. */
  readonly personalDigest?: Uint8Array;
};

export type LabelRecorded = {
  readonly type: 'LabelRecorded';
  readonly labelId: string;
  readonly paymentId?: string;
  readonly entityKind?: EntityKind;
  readonly label: (typeof LABELS)[number];
  readonly kind?: (typeof LABEL_KINDS)[number];
  readonly source: (typeof LABEL_SOURCES)[number];
  readonly state?: (typeof LABEL_STATES)[number];
  readonly reference?: string;
  readonly observedAt: number;
  /** What the payment counts as from now on, where this label changes that; absent for a label on an entity. */
  readonly turns?: (typeof LABELS)[number];
  readonly bodyDigest: Uint8Array;
  /** SHA-256 of salt and the entity's id; absent for a label on a payment. */
  readonly personalDigest?: Uint8Array;
};

export type PersonalDataErased = {
  readonly type: 'PersonalDataErased';
  readonly reason: string;
  /** Log position and record of each personal part that is gone. */
  readonly parts: readonly ErasedPart[];
};

export interface ErasedPart extends PersonalPartRef {
  /** The payment whose part it is: its entities are forgotten too. */
  readonly paymentId?: string;
}

export interface PersonalPartRef {
  readonly position: number;
  readonly record: number;
}

export type LedgerEvent =
  | LedgerOpened
  | SharedFact
  | AccountOpened
  | AccountFrozen
  | AccountUnfrozen
  | AccountClosed
  | TransferPosted
  | PaymentReceived
  | PaymentRejected
  | PaymentDecided
  | PaymentAwaits
  | PaymentPosted
  | PaymentCaptured
  | PaymentRecorded
  | PaymentDenied
  | PaymentVoided
  | PaymentExpired
  | PaymentReversed
  | AuthorizationRecorded
  | ChallengeAnswered
  | ReviewDecided
  | SignalRecorded
  | LabelRecorded
  | PersonalDataErased
  | SagaEvent;

/** The events of one command, with what they share. */
export interface CommandRecord {
  /** Position of the command in the shard's input; counts from 1 without gaps. */
  readonly input: number;
  /** Never smaller than that of the record before. */
  readonly shardTime: number;
  /** Who asked: `token:ID`, `agent:NAME`, `provider:NAME` or `system`; never a person's name. */
  readonly actor: string;
  /** The command that caused the events. */
  readonly cause: string;
  readonly events: readonly LedgerEvent[];
}
