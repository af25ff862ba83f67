/**
 * What the shards of one ledger tell each other. A message is part of the sender's events and a command
 * to its receiver; between two shards messages are numbered from 1 without gaps, each is sent at least
 * once, and it has its effect once (`ledger/receive-message.ts`).
 */
import type { Approval } from './journal-transaction.ts';
import type { ReversalKind } from './reversal-kind.ts';
import type { SharedFact } from './shared-fact.ts';

/** Why the creditor's shard could not take a credit. */
export const CREDIT_REFUSALS = [
  'creditor_unknown',
  'creditor_closed',
  'creditor_frozen',
  'asset_mismatch',
] as const;
export type CreditRefusal = (typeof CREDIT_REFUSALS)[number];

/** Why money that was paid did not come back. */
export const DEBIT_REFUSALS = [
  'account_closed',
  'account_frozen',
  'insufficient_funds',
  /** The credit was returned meanwhile: there is nothing left to reverse. */
  'payment_returned',
] as const;
export type DebitRefusal = (typeof DEBIT_REFUSALS)[number];

/** Money that has left its debtor's shard: of a payment, of one capture of it, or of a transfer. */
export interface CreditTerms {
  readonly paymentId?: string;
  /** Absent where the payment was posted in one. */
  readonly captureId?: string;
  readonly transferId?: string;
  readonly debtor: string;
  readonly creditor: string;
  readonly asset: string;
  /** Minor units. */
  readonly amount: number;
}

export type CreditAccount = { readonly type: 'CreditAccount' } & CreditTerms;

/** The creditor has it. */
export type CreditTaken = { readonly type: 'CreditTaken' } & CreditTerms;

/** The creditor cannot take it: it goes back. */
export type CreditReturned = {
  readonly type: 'CreditReturned';
  readonly reason: CreditRefusal;
} & CreditTerms;

/** Money of a payment goes back, and the creditor's shard has to take it from the creditor. */
export type DebitAccount = {
  readonly type: 'DebitAccount';
  readonly paymentId: string;
  readonly reversalId: string;
  readonly kind: ReversalKind;
  readonly creditor: string;
  readonly asset: string;
  readonly amount: number;
  readonly approval: Approval;
  /** It has happened outside: what the creditor may not bear goes to the receivable account (L9). */
  readonly isForced: boolean;
};

export type DebitTaken = {
  readonly type: 'DebitTaken';
  readonly paymentId: string;
  readonly reversalId: string;
  readonly asset: string;
  readonly amount: number;
  /** How much of it the creditor could not bear. */
  readonly receivable: number;
};

export type DebitReturned = {
  readonly type: 'DebitReturned';
  readonly paymentId: string;
  readonly reversalId: string;
  readonly reason: DebitRefusal;
};

/** The sender is the home of a payment with this id; to the shard that keeps the id's directory entry. */
export type RegisterPayment = { readonly type: 'RegisterPayment'; readonly paymentId: string };

/** Another shard was the first with this id. */
export type PaymentIdTaken = {
  readonly type: 'PaymentIdTaken';
  readonly paymentId: string;
  readonly home: number;
};

/** A fact that all shards share, as the first shard decided it. */
export type ShareFact = { readonly type: 'ShareFact'; readonly fact: SharedFact };

export type ShardMessage =
  | ShareFact
  | CreditAccount
  | CreditTaken
  | CreditReturned
  | DebitAccount
  | DebitTaken
  | DebitReturned
  | RegisterPayment
  | PaymentIdTaken;

/** A message on its way, before it has its number. */
export interface OutgoingMessage {
  /** Index of the shard that it is for. */
  readonly target: number;
  readonly message: ShardMessage;
}
