/** Where a payment stands, as far as later commands on it need to know. */
import type { DecisionRecord, Outcome } from '#src/domain/decision.ts';
import type { Awaitable } from '#src/domain/events.ts';
import type { Approval } from '#src/domain/journal-transaction.ts';

export const PAYMENT_STATUSES = [
  'pending',
  'posted',
  'denied',
  'voided',
  'expired',
  'recorded',
  'rejected',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** A capture or reversal that took place, known by its id. */
export interface Movement {
  readonly id: string;
  readonly amount: number;
}

export interface PaymentState {
  readonly id: string;
  readonly debtor: string;
  readonly creditor: string;
  readonly asset: string;
  readonly amount: number;
  readonly manualCapture: boolean;
  readonly verification: boolean;
  readonly bodyDigest: Uint8Array;
  readonly entityKeys: Uint8Array;
  readonly featureTime: number;
  /** Position of the log row in which it was received. */
  readonly receivedIn: number;
  readonly hold: number | undefined;
  status: PaymentStatus;
  awaiting: Awaitable | undefined;
  /** When what it awaits ends it (milliseconds since 1970). */
  until: number | undefined;
  /** When a review's decision takes effect, and which it was. */
  reviewEffectAt: number | undefined;
  reviewOutcome: 'approve' | 'deny' | undefined;
  reviewer: string | undefined;
  decisions: number;
  /** What decided it last, policy or reviewer: a later capture names it (L2). */
  approval: Approval | undefined;
  outcome: Outcome | undefined;
  /** A void ended it, also where a part was captured before and it is posted. */
  voided: boolean;
  captured: number;
  reversed: number;
  captures: readonly Movement[];
  reversals: readonly Movement[];
  /** Counts the changes of what a reader sees. */
  version: number;
}

/** What vouches for a payment that the policy let pass. */
export function policyApproval({ policy, number }: DecisionRecord): Approval {
  return { kind: 'policy', ref: `${policy}#${number}` };
}

/** A payment that is pending holds `amount - captured` on both of its accounts. */
export function heldAmount(payment: PaymentState): number {
  return payment.status === 'pending' ? payment.amount - payment.captured : 0;
}
