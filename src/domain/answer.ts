/** What a shard answers to a command, once what it did is durable. */
import type { DecisionRecord } from './decision.ts';
import type { Awaitable, RejectionReason } from './events.ts';
import type { PaymentStatus, Settlement } from './ledger/payment-state.ts';

/** Where a payment stands after the command, for the one who sent it. */
export type PaymentAnswer = {
  readonly type: 'PaymentAnswer';
  readonly paymentId: string;
  readonly status: PaymentStatus;
  readonly awaiting?: Awaitable;
  readonly until?: number;
  readonly rejection?: RejectionReason;
  readonly capturedAmount: number;
  readonly reversedAmount: number;
  /** Where the money of a posted payment is. */
  readonly settlement?: Settlement;
  /** The decision that this command led to; absent for a rejection. */
  readonly decision?: DecisionRecord;
  readonly version: number;
};

/** It is done, or was before (`created: false`); reads from the answer's position on show it. */
export type DoneAnswer = { readonly type: 'DoneAnswer'; readonly created: boolean };

export const REFUSALS = [
  'account_unknown',
  'account_closed',
  'account_frozen',
  'account_in_use',
  'asset_mismatch',
  'insufficient_funds',
  'payment_unknown',
  'entry_unknown',
  'token_unknown',
  'id_taken',
  'not_capturable',
  'not_voidable',
  'not_reversible',
  'not_in_review',
  'not_challenged',
  'amount_too_large',
  'name_reserved',
  'list_full',
  'policy_invalid',
  'wrong_shard',
  'clock_ahead',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Nothing was done. */
export type RefusedAnswer = {
  readonly type: 'RefusedAnswer';
  readonly refusal: Refusal;
  readonly detail: string;
};

export type Answer = PaymentAnswer | DoneAnswer | RefusedAnswer;
