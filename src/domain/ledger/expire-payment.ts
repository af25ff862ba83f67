/** The end of waiting. An expiry is a command, and does nothing before the deadline. */
import type { ExpirePayment } from '#src/domain/commands.ts';
import { DONE_BEFORE, done, unknownPayment, type DecidingContext, type Verdict } from './deciding.ts';

export function expirePayment({ state, shardTime }: DecidingContext, { paymentId }: ExpirePayment): Verdict {
  const payment = state.payments.get(paymentId);
  if (!payment) return unknownPayment(paymentId);
  const { status, awaiting, until, reviewEffectAt } = payment;
  if (status !== 'pending' || awaiting === undefined || until === undefined || until > shardTime)
    return DONE_BEFORE;
  if (reviewEffectAt !== undefined) return DONE_BEFORE;
  return done({ type: 'PaymentExpired', paymentId, awaiting });
}
