/**
 * Reversals whose creditor is in another shard. Home reserves the amount; the creditor's shard takes the
 * money from the creditor, or refuses; home then finishes, or frees what it reserved.
 *
 * A reversal waits at home for as long as the money that it takes back may still be on its way to the
 * creditor: a creditor's shard is never asked for what it may not have had.
 */
import type { LedgerEvent } from '#src/domain/events.ts';
import type { DebitAccount, DebitReturned, DebitTaken } from '#src/domain/shard-message.ts';
import type { DecidingContext } from './deciding.ts';
import { inTransit, openingEvents } from './first-use.ts';
import type { PaymentState, PendingReversal, Reversal } from './payment-state.ts';
import { backTo, paidAccount, takeByForce, takingRefusal } from './take-back.ts';
import { journalTransaction } from './transactions.ts';

/** At home: reserves the amount, and asks for it if the creditor has it. */
export function requestReversal(payment: Readonly<PaymentState>, reversal: Reversal): readonly LedgerEvent[] {
  const { id: reversalId, kind, amount, reference, approval, isForced } = reversal;
  const pending = { ...reversal, isSent: false };
  const after = { ...payment, pendingReversals: [...payment.pendingReversals, pending] };
  return [
    {
      type: 'ReversalRequested',
      paymentId: payment.id,
      reversalId,
      kind,
      amount,
      ...(reference === undefined ? {} : { reference }),
      approval,
      isForced,
    },
    ...answeredWaiting(after),
  ];
}

/**
 * At home: what becomes of the reversals that wait, oldest first, with the payment as it is given. One
 * that is too large waits on as long as something is in transit. After that one that has happened outside
 * takes what there is, and any other is refused.
 */
export function answeredWaiting(payment: Readonly<PaymentState>): readonly LedgerEvent[] {
  const { id: paymentId, captured, returned, inTransit: moving, reversed, pendingReversals } = payment;
  const sent = pendingReversals.filter(({ isSent }) => isSent);
  let room = captured - returned - moving - reversed - sent.reduce((sum, { amount }) => sum + amount, 0);
  const events: LedgerEvent[] = [];
  for (const { id: reversalId, amount, isForced, isSent } of pendingReversals) {
    if (isSent) continue;
    if (amount > room && moving > 0) break;
    const asked = isForced ? Math.min(amount, room) : amount;
    if (asked === 0 || asked > room) {
      events.push({ type: 'ReversalRefused', paymentId, reversalId, reason: 'payment_returned' });
    } else {
      events.push({ type: 'ReversalSent', paymentId, reversalId, amount: asked });
      room -= asked;
    }
  }
  return events;
}

/** In the creditor's shard: takes the money and sends it off, or says why not. */
export function debitAccount(
  context: DecidingContext,
  source: number,
  message: DebitAccount,
): readonly LedgerEvent[] {
  const { paymentId, reversalId, kind, creditor, asset, amount, approval } = message;
  const account = paidAccount(context, creditor);
  const reason = message.isForced ? undefined : takingRefusal(account, amount);
  if (reason) return [{ type: 'DebitRefused', source, paymentId, reversalId, reason }];
  const taking = takeByForce(context, account, amount);
  const transit = inTransit(context, { to: source, asset });
  const legs = [...taking.legs, { account: transit.account, amount: BigInt(amount) }];
  return [
    ...openingEvents(...taking.opened, transit),
    {
      type: 'DebitPosted',
      source,
      paymentId,
      reversalId,
      kind,
      creditor,
      asset,
      amount,
      receivable: taking.receivable,
      transaction: journalTransaction(context.state, { approval, legs }),
    },
  ];
}

/** At home: the money has come back. It is never refused. */
export function finishReversal(context: DecidingContext, message: DebitTaken): readonly LedgerEvent[] {
  const { paymentId, reversalId, amount, receivable } = message;
  const { payment, pending } = waitingReversal(context, message);
  const { kind, reference } = pending;
  const from = inTransit(context, { from: creditorShardOf(payment), asset: payment.asset });
  const to = backTo(context, paidAccount(context, payment.debtor));
  return [
    ...openingEvents(from, to),
    {
      type: 'PaymentReversed',
      paymentId,
      reversalId,
      kind,
      amount,
      ...(reference === undefined ? {} : { reference }),
      receivable,
      transaction: journalTransaction(context.state, {
        approval: { kind: 'saga', ref: `payment/${paymentId}/reversal/${reversalId}` },
        legs: [
          { account: from.account, amount: -BigInt(amount) },
          { account: to.account, amount: BigInt(amount) },
        ],
      }),
    },
  ];
}

/** At home: nothing comes back. */
export function refuseReversal(context: DecidingContext, message: DebitReturned): LedgerEvent {
  const { paymentId, reversalId, reason } = message;
  waitingReversal(context, message);
  return { type: 'ReversalRefused', paymentId, reversalId, reason };
}

function waitingReversal(
  { state }: DecidingContext,
  { paymentId, reversalId }: { readonly paymentId: string; readonly reversalId: string },
): { payment: Readonly<PaymentState>; pending: PendingReversal } {
  const payment = state.payments.get(paymentId);
  const pending = payment?.pendingReversals.find(({ id }) => id === reversalId);
  if (!payment || !pending?.isSent)
    throw new Error(`reversal ${reversalId} of ${paymentId} was not asked for`);
  return { payment, pending };
}

function creditorShardOf({ id, creditorShard }: Readonly<PaymentState>): number {
  if (creditorShard === undefined) throw new Error(`the creditor of payment ${id} is in this shard`);
  return creditorShard;
}
