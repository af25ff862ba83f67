/** The second step of a payment: what its decision does to it and to its money. */
import { holdOf, type DecisionRecord } from '#src/domain/decision.ts';
import type { Awaitable, LedgerEvent, PaymentAwaits, PaymentPosted } from '#src/domain/events.ts';
import type { Approval } from '#src/domain/journal-transaction.ts';
import type { DecidingContext } from './deciding.ts';
import { policyApproval, type PaymentState } from './payment-state.ts';
import { movePayment } from './transactions.ts';

export interface Ruling {
  readonly decision: DecisionRecord;
  /** Absent when the decision was taken on the vector of an earlier one. */
  readonly vector?: Float32Array;
}

/** The decision as an event, and what follows from it. */
export function settlePayment(
  context: DecidingContext,
  payment: Readonly<PaymentState>,
  ruling: Ruling,
): LedgerEvent[] {
  const decided: LedgerEvent = { type: 'PaymentDecided', paymentId: payment.id, ...ruling };
  return [decided, ...consequences(context, payment, ruling.decision)];
}

function consequences(
  context: DecidingContext,
  payment: Readonly<PaymentState>,
  decision: DecisionRecord,
): LedgerEvent[] {
  const by = policyApproval(decision);
  if (payment.verification) return [{ type: 'PaymentRecorded', paymentId: payment.id }];
  if (decision.outcome === 'deny') return [{ type: 'PaymentDenied', paymentId: payment.id, by }];
  const hold = holdOf(decision);
  if (hold) return [awaitsFor(context, payment, hold)];
  return [approvedPayment(context, payment, by)];
}

/** An approved payment is posted at once, or waits to be captured. */
export function approvedPayment(
  context: DecidingContext,
  payment: Readonly<PaymentState>,
  approval: Approval,
): PaymentAwaits | PaymentPosted {
  if (payment.manualCapture) return awaitsFor(context, payment, 'capture');
  const transaction = movePayment(context, payment, { amount: payment.amount, approval });
  return { type: 'PaymentPosted', paymentId: payment.id, transaction };
}

function awaitsFor(
  { rules, shardTime }: DecidingContext,
  payment: Readonly<PaymentState>,
  awaiting: Exclude<Awaitable, 'decision'>,
): PaymentAwaits {
  const expiresAfterMs = {
    review: rules.reviewExpiresAfterMs,
    capture: rules.captureExpiresAfterMs,
    challenge: rules.challengeExpiresAfterMs,
    rescore: rules.rescoreExpiresAfterMs,
  }[awaiting];
  return { type: 'PaymentAwaits', paymentId: payment.id, awaiting, until: shardTime + expiresAfterMs };
}
