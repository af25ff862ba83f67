/** What happens because a ledger has several shards; a ledger in one shard has none of it. */
import type { Approval, JournalTransaction } from './journal-transaction.ts';
import type { ReversalKind } from './reversal-kind.ts';
import type { CreditRefusal, CreditTerms, DebitRefusal, ShardMessage } from './shard-message.ts';

/** The first event of the record that a message led to. */
export type MessageReceived = {
  readonly type: 'MessageReceived';
  /** Index of the shard that sent it. */
  readonly source: number;
  readonly sequence: number;
};

export type MessageSent = {
  readonly type: 'MessageSent';
  /** Index of the shard that it is for. */
  readonly target: number;
  /** Counts from 1 without gaps for each target. */
  readonly sequence: number;
  readonly message: ShardMessage;
};

/** In the creditor's shard: money of another shard has arrived. */
export type CreditPosted = {
  readonly type: 'CreditPosted';
  /** Index of the shard that it came from. */
  readonly source: number;
  readonly transaction: JournalTransaction;
} & CreditTerms;

/** In the creditor's shard: the creditor cannot take it, nothing moves here and the money goes back. */
export type CreditRefused = {
  readonly type: 'CreditRefused';
  readonly source: number;
  readonly reason: CreditRefusal;
} & CreditTerms;

/** The creditor has the money of a posted payment, or of one capture of it. */
export type PaymentSettled = {
  readonly type: 'PaymentSettled';
  readonly paymentId: string;
  readonly captureId?: string;
  readonly amount: number;
};

/** The creditor could not take it; it is the debtor's again, or stands on the suspense account. */
export type PaymentReturned = {
  readonly type: 'PaymentReturned';
  readonly paymentId: string;
  readonly captureId?: string;
  readonly amount: number;
  readonly reason: CreditRefusal;
  readonly transaction: JournalTransaction;
};

export type TransferSettled = {
  readonly type: 'TransferSettled';
  readonly transferId: string;
  readonly debtor: string;
};

export type TransferReturned = {
  readonly type: 'TransferReturned';
  readonly transferId: string;
  readonly debtor: string;
  readonly reason: CreditRefusal;
  readonly transaction: JournalTransaction;
};

/** At home: a reversal whose creditor is in another shard; its amount is reserved until that has answered. */
export type ReversalRequested = {
  readonly type: 'ReversalRequested';
  readonly paymentId: string;
  readonly reversalId: string;
  readonly kind: ReversalKind;
  readonly amount: number;
  readonly reference?: string;
  readonly approval: Approval;
  /** What the creditor may not bear goes to the receivable account. */
  readonly isForced: boolean;
};

/** At home: the creditor's shard is asked. It waits for this until the creditor has the payment's money. */
export type ReversalSent = {
  readonly type: 'ReversalSent';
  readonly paymentId: string;
  readonly reversalId: string;
  readonly amount: number;
};

/** At home: nothing came back, and what was reserved is free. */
export type ReversalRefused = {
  readonly type: 'ReversalRefused';
  readonly paymentId: string;
  readonly reversalId: string;
  readonly reason: DebitRefusal;
};

/** In the creditor's shard: money of a payment is on its way back. */
export type DebitPosted = {
  readonly type: 'DebitPosted';
  readonly source: number;
  readonly paymentId: string;
  readonly reversalId: string;
  readonly kind: ReversalKind;
  readonly creditor: string;
  readonly asset: string;
  readonly amount: number;
  /** How much of it the creditor could not bear; it stands on the receivable account. */
  readonly receivable: number;
  readonly transaction: JournalTransaction;
};

export type DebitRefused = {
  readonly type: 'DebitRefused';
  readonly source: number;
  readonly paymentId: string;
  readonly reversalId: string;
  readonly reason: DebitRefusal;
};

/** In the shard that keeps the id's directory entry: the id has its home, for ever. */
export type PaymentRegistered = {
  readonly type: 'PaymentRegistered';
  readonly paymentId: string;
  readonly home: number;
};

/** In the shard that keeps the id's directory entry: a second home, which is told so. */
export type PaymentIdRefused = {
  readonly type: 'PaymentIdRefused';
  readonly paymentId: string;
  readonly home: number;
  readonly second: number;
};

/** At the second home: its payment is taken back, and no command finds it any more. */
export type PaymentIdConflict = {
  readonly type: 'PaymentIdConflict';
  readonly paymentId: string;
  /** The shard that was the first with this id. */
  readonly home: number;
};

/** What was carried over of one asset: customers' accounts of one shard, in minor units. */
export interface CarriedBalance {
  readonly asset: string;
  readonly accounts: number;
  readonly posted: bigint;
  /** On hold for debits. */
  readonly held: bigint;
}

/** Everything before it was told from the log of a ledger in one process; from here on the shard decides. */
export type GenerationBegan = {
  readonly type: 'GenerationBegan';
  /** The ledger that came before, and the last row of its log. */
  readonly ledgerId: string;
  readonly position: number;
  readonly hash: Uint8Array;
  /** What that log says of the accounts that are this shard's now. */
  readonly balances: readonly CarriedBalance[];
};

export type SagaEvent =
  | MessageReceived
  | MessageSent
  | CreditPosted
  | CreditRefused
  | PaymentSettled
  | PaymentReturned
  | TransferSettled
  | TransferReturned
  | ReversalRequested
  | ReversalSent
  | ReversalRefused
  | DebitPosted
  | DebitRefused
  | PaymentRegistered
  | PaymentIdRefused
  | PaymentIdConflict
  | GenerationBegan;
