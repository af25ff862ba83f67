/** Where a payment stands, as far as later commands on it need to know. */
import type { DecisionRecord, Outcome } from '#src/domain/decision.ts';
import type { Awaitable } from '#src/domain/events.ts';
import type { ReversalKind } from '#src/domain/reversal-kind.ts';
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

/** Money of a payment that is to go back. */
export interface Reversal {
  readonly id: string;
  readonly amount: number;
  readonly kind: ReversalKind;
  readonly reference: string | undefined;
  readonly approval: Approval;
  /** What the creditor may not bear goes to the receivable account. */
  readonly isForced: boolean;
}

/** A reversal whose creditor is in another shard, until that shard has answered. Its amount is reserved. */
export interface PendingReversal extends Reversal {
  /** False as long as the creditor may not have the money yet that is to come back. */
  readonly isSent: boolean;
}

export const SETTLEMENTS = ['settled', 'in_transit', 'returned'] as const;
/** Where the money of a posted payment is. */
export type Settlement = (typeof SETTLEMENTS)[number];

export interface PaymentState {
  readonly id: string;
  readonly debtor: string;
  readonly creditor: string;
  readonly asset: string;
  readonly amount: number;
  readonly manualCapture: boolean;
  readonly verification: boolean;
  readonly bodyDigest: Uint8Array;
  /** Those of its facts alone once its personal part is erased. */
  entityKeys: Uint8Array;
  readonly featureTime: number;
  /** Position of the log row in which it was received. */
  readonly receivedIn: number;
  readonly hold: number | undefined;
  /** The shard of the creditor's account, where it is another one. */
  readonly creditorShard: number | undefined;
  status: PaymentStatus;
  awaiting: Awaitable | undefined;
  /** When what it awaits ends it (milliseconds since 1970). */
  until: number | undefined;
  /** When a review's decision takes effect, and which it was. */
  reviewEffectAt: number | undefined;
  reviewOutcome: 'approve' | 'deny' | undefined;
  reviewer: string | undefined;
  /** The last word of its labels. */
  isLabelledFraud: boolean;
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
  /** Of what was captured: what the creditor's shard has not answered yet. */
  inTransit: number;
  /** Of what was captured: what came back because the creditor could not take it. */
  returned: number;
  pendingReversals: readonly PendingReversal[];
  /** The shard that was the first with this id: the payment is taken back, and no command finds it. */
  idConflict: number | undefined;
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

/** Undefined as long as nothing was captured. */
export function settlementOf({
  captured,
  inTransit,
  returned,
}: Pick<PaymentState, 'captured' | 'inTransit' | 'returned'>): Settlement | undefined {
  if (captured === 0) return undefined;
  if (inTransit > 0) return 'in_transit';
  return returned === captured ? 'returned' : 'settled';
}

/** What of it can still go back: what was captured and neither went back nor is asked back. */
export function reversibleAmount(payment: Readonly<PaymentState>): number {
  const asked = payment.pendingReversals.reduce((sum, { amount }) => sum + amount, 0);
  return payment.captured - payment.returned - payment.reversed - asked;
}
