/**
 * Money of a posted payment goes back, as a transaction of its own.
 *
 * A refund or a correction is Vouch's to decide and needs the creditor's funds. A chargeback or a
 * recall has happened outside: it is posted always (L9). Where the creditor is in another shard, that
 * shard is asked (`remote-reversal.ts`).
 */
import type { ReversePayment } from '#src/domain/commands.ts';
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
import { openingEvents } from './first-use.ts';
import { reversibleAmount, type Movement, type PaymentState, type Reversal } from './payment-state.ts';
import { requestReversal } from './remote-reversal.ts';
import { backTo, paidAccount, takeByForce, takingRefusal } from './take-back.ts';
import { journalTransaction } from './transactions.ts';

export function reversePayment(context: DecidingContext, command: ReversePayment): Verdict {
  const payment = findPayment(context, command.paymentId);
  if (!payment) return unknownPayment(command.paymentId);
  const before = [...payment.reversals, ...payment.pendingReversals].find(isOfId(command.reversalId));
  if (before) return repeatedReversal(command, payment, before.amount);
  const left = reversibleAmount(payment);
  if (payment.captured === 0) return refused('not_reversible', `nothing of payment ${payment.id} is posted`);
  const amount = command.amount ?? left;
  if (left === 0 || amount > left) {
    return refused('amount_too_large', `${left} ${payment.asset} can still be reversed, not ${amount}`);
  }
  const reversal = reversalOf(context, command, amount);
  const refusal = reversal.isForced ? undefined : sidesRefusal(context, payment, amount);
  return refusal ?? done(...reversalEvents(context, payment, reversal));
}

function isOfId(id: string): (movement: Movement) => boolean {
  return (movement) => movement.id === id;
}

function reversalOf({ actor }: DecidingContext, command: ReversePayment, amount: number): Reversal {
  const { reversalId: id, kind, reference } = command;
  const isForced = kind === 'chargeback' || kind === 'recall';
  return {
    id,
    kind,
    amount,
    reference,
    approval: isForced ? { kind: 'external_fact', ref: reference ?? id } : { kind: 'operator', ref: actor },
    isForced,
  };
}

function repeatedReversal(command: ReversePayment, payment: Readonly<PaymentState>, amount: number): Verdict {
  const asBefore = command.amount === undefined || command.amount === amount;
  if (asBefore) return DONE_BEFORE;
  return refused(
    'id_taken',
    `payment ${payment.id} has a reversal with that id over ${amount}, not ${command.amount}`,
  );
}

/** What stands against a reversal of Vouch's own, as far as it can be known in this shard. */
function sidesRefusal(
  context: DecidingContext,
  payment: Readonly<PaymentState>,
  amount: number,
): Verdict | undefined {
  const isHere = payment.creditorShard === undefined;
  const creditor = isHere ? paidAccount(context, payment.creditor) : undefined;
  const debtor = paidAccount(context, payment.debtor);
  for (const account of [creditor, debtor]) {
    if (account?.status === 'closed') return refused('account_closed', `account ${account.id} is closed`);
  }
  if (creditor?.debitsFrozen) return refused('account_frozen', `account ${creditor.id} takes no debits`);
  if (debtor.creditsFrozen) return refused('account_frozen', `account ${debtor.id} takes no credits`);
  if (!creditor || takingRefusal(creditor, amount) === undefined) return undefined;
  return refused('insufficient_funds', `account ${creditor.id} cannot bear ${amount} ${payment.asset}`);
}

/** What a reversal does, once nothing stands against it. */
export function reversalEvents(
  context: DecidingContext,
  payment: Readonly<PaymentState>,
  reversal: Reversal,
): readonly LedgerEvent[] {
  if (payment.creditorShard !== undefined) return requestReversal(payment, reversal);
  const { id: reversalId, kind, amount, reference, approval } = reversal;
  const creditor = paidAccount(context, payment.creditor);
  const taking = takeByForce(context, creditor, amount);
  const to = backTo(context, paidAccount(context, payment.debtor));
  return [
    ...openingEvents(...taking.opened, to),
    {
      type: 'PaymentReversed',
      paymentId: payment.id,
      reversalId,
      kind,
      amount,
      ...(reference === undefined ? {} : { reference }),
      receivable: taking.receivable,
      transaction: journalTransaction(context.state, {
        approval,
        legs: [...taking.legs, { account: to.account, amount: BigInt(amount) }],
      }),
    },
  ];
}
