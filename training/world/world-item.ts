/** Owns what comes out of a world, in the order in which it would arrive at the product. */
import type { Backstage, Truth } from './attempt.ts';
import type { Label } from './label.ts';

/** A payment as in the outside contract: `POST /v1/payments`. */
export interface PaymentBody {
  readonly id: string;
  readonly occurredAt: string;
  readonly amount: number;
  readonly asset: string;
  readonly debtor: string;
  readonly creditor: string;
  readonly card?: { readonly id: string; readonly [fact: string]: unknown };
  readonly [optional: string]: unknown;
}

export interface PaymentItem {
  readonly kind: 'payment';
  /** When it arrives, milliseconds since 1970; `occurredAt` lies a little before, rarely much. */
  readonly at: number;
  readonly body: PaymentBody;
  readonly truth: Truth;
  readonly backstage: Backstage;
}

/** `POST /v1/accounts`. */
export interface AccountItem {
  readonly kind: 'account';
  readonly at: number;
  readonly body: {
    readonly id: string;
    readonly asset: string;
    readonly overdraft: 'forbidden' | 'allowed';
    readonly overdraftLimit?: number;
  };
}

/** `POST /v1/signals`. */
export interface SignalItem {
  readonly kind: 'signal';
  readonly at: number;
  readonly body: {
    readonly id: string;
    readonly type:
      | 'login'
      | 'login_failed'
      | 'password_changed'
      | 'email_changed'
      | 'payee_added'
      | 'device_enrolled';
    readonly occurredAt: string;
    readonly account: string;
    readonly device?: string;
    readonly ip?: string;
  };
}

/** `POST /v1/transfers`: salaries, repayments, money from other banks. */
export interface TransferItem {
  readonly kind: 'transfer';
  readonly at: number;
  readonly body: {
    readonly id: string;
    readonly debtor: string;
    readonly creditor: string;
    readonly amount: number;
    readonly asset: string;
    readonly reason: string;
  };
}

/** `POST /v1/payments/{paymentId}/reverse`; comes only for payments that went through. */
export interface ReversalItem {
  readonly kind: 'reversal';
  readonly at: number;
  readonly paymentId: string;
  readonly body: { readonly id: string; readonly amount: number; readonly kind: 'refund' | 'chargeback' };
}

/** `POST /v1/labels`; labels go on coming for months after the last payment. */
export interface LabelItem {
  readonly kind: 'label';
  readonly at: number;
  readonly body: Label & { readonly id: string; readonly observedAt: string };
}

export type WorldItem = PaymentItem | AccountItem | SignalItem | TransferItem | ReversalItem | LabelItem;

/** What the product decided on a payment. */
export type Outcome = 'approve' | 'review' | 'challenge' | 'deny';
