/**
 * A reviewer's decision on a held payment, in two events: what was decided, and its effect on the
 * money when the time to take it back has passed.
 */
import type { ApplyReview, DecideReview } from '#src/domain/commands.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import {
  DONE_BEFORE,
  done,
  findPayment,
  refused,
  unknownPayment,
  type DecidingContext,
  type Verdict,
} from './deciding.ts';
import type { PaymentState } from './payment-state.ts';
import { approvedPayment } from './settle-payment.ts';

export function decideReview(context: DecidingContext, command: DecideReview): Verdict {
  const payment = findPayment(context, command.paymentId);
  if (!payment) return unknownPayment(command.paymentId);
  if (payment.status !== 'pending' || payment.awaiting !== 'review') return notInReview(payment, command);
  if (payment.reviewOutcome === command.outcome && payment.reviewer === context.actor) return DONE_BEFORE;
  if (payment.reviewOutcome)
    return refused('not_in_review', `payment ${payment.id} is decided: ${payment.reviewOutcome}`);
  const effectAt = context.shardTime + context.rules.undoMs;
  const decided: LedgerEvent = {
    type: 'ReviewDecided',
    paymentId: payment.id,
    outcome: command.outcome,
    reason: command.reason,
    reviewer: context.actor,
    effectAt,
    ...(command.note ? { personalDigest: command.note.digest } : {}),
  };
  if (command.outcome === 'escalate' || effectAt > context.shardTime) return done(decided);
  return done(decided, effectOf(context, payment, { outcome: command.outcome, reviewer: context.actor }));
}

function notInReview(payment: Readonly<PaymentState>, command: DecideReview): Verdict {
  if (payment.reviewOutcome === command.outcome) return DONE_BEFORE;
  const stands = payment.status === 'pending' ? `waits for ${payment.awaiting}` : `is ${payment.status}`;
  return refused('not_in_review', `payment ${payment.id} ${stands}`);
}

/** The effect of an earlier decision, once it is due; before that, nothing. */
export function applyReview(context: DecidingContext, { paymentId }: ApplyReview): Verdict {
  const payment = context.state.payments.get(paymentId);
  if (!payment) return unknownPayment(paymentId);
  const { reviewOutcome, reviewEffectAt, reviewer } = payment;
  const due = reviewEffectAt !== undefined && reviewEffectAt <= context.shardTime;
  if (payment.status !== 'pending' || !due || !reviewOutcome || !reviewer) return DONE_BEFORE;
  return done(effectOf(context, payment, { outcome: reviewOutcome, reviewer }));
}

function effectOf(
  context: DecidingContext,
  payment: Readonly<PaymentState>,
  review: { outcome: 'approve' | 'deny'; reviewer: string },
): LedgerEvent {
  const approval = { kind: 'reviewer', ref: review.reviewer } as const;
  return review.outcome === 'approve'
    ? approvedPayment(context, payment, approval)
    : { type: 'PaymentDenied', paymentId: payment.id, by: approval };
}
