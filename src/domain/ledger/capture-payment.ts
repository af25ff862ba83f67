/** Capturing a payment that is held for it, once or in parts, and calling a pending payment back. */
import type { CapturePayment, VoidPayment } from '#src/domain/commands.ts';
import {
  DONE_BEFORE,
  done,
  findPayment,
  refused,
  unknownPayment,
  type DecidingContext,
  type Verdict,
} from './deciding.ts';
import { heldAmount, type PaymentState } from './payment-state.ts';
import { movePayment } from './transactions.ts';

/** The id of a capture that was given none: there is at most one, and it is final. */
const WHOLE_CAPTURE = 'capture';

export function capturePayment(context: DecidingContext, command: CapturePayment): Verdict {
  const payment = findPayment(context, command.paymentId);
  if (!payment) return unknownPayment(command.paymentId);
  const captureId = command.captureId ?? WHOLE_CAPTURE;
  const before = payment.captures.find(({ id }) => id === captureId);
  if (before) return repeatedCapture(command, payment, before.amount);
  if (payment.status !== 'pending' || payment.awaiting !== 'capture') return notCapturable(payment);
  const left = heldAmount(payment);
  const amount = command.amount ?? left;
  if (amount > left) {
    return refused('amount_too_large', `${left} ${payment.asset} can still be captured, not ${amount}`);
  }
  const final = command.captureId === undefined || command.final === true || amount === left;
  if (!payment.approval) throw new Error(`payment ${payment.id} awaits capture and nothing let it pass`);
  const { approval } = payment;
  return done({
    type: 'PaymentCaptured',
    paymentId: payment.id,
    captureId,
    amount,
    final,
    transaction: movePayment(context, payment, { amount, approval }),
  });
}

function repeatedCapture(command: CapturePayment, payment: Readonly<PaymentState>, amount: number): Verdict {
  const asBefore = command.amount === undefined || command.amount === amount;
  if (asBefore) return DONE_BEFORE;
  return refused(
    'id_taken',
    `payment ${payment.id} has a capture with that id over ${amount}, not ${command.amount}`,
  );
}

function notCapturable(payment: Readonly<PaymentState>): Verdict {
  const stands = payment.status === 'pending' ? `waits for ${payment.awaiting}` : `is ${payment.status}`;
  return refused('not_capturable', `payment ${payment.id} ${stands}`);
}

export function voidPayment(context: DecidingContext, { paymentId, reason }: VoidPayment): Verdict {
  const payment = findPayment(context, paymentId);
  if (!payment) return unknownPayment(paymentId);
  if (payment.voided) return DONE_BEFORE;
  if (payment.status !== 'pending')
    return refused('not_voidable', `payment ${paymentId} is ${payment.status}`);
  return done({ type: 'PaymentVoided', paymentId, ...(reason === undefined ? {} : { reason }) });
}
