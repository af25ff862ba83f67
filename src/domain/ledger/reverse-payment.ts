/**
 * Money of a posted payment goes back, as a transaction of its own.
 *
 * A refund or a correction is Vouch's to decide and needs the creditor's funds. A chargeback or a
 * recall has happened outside: it is posted always (L9). What the creditor may not bear goes to the
 * receivable account, and what the debtor cannot take to the suspense account.
 */
import { availableBalance, canBear, type Account } from '#src/domain/account.ts';
import type { ReversePayment } from '#src/domain/commands.ts';
import type { Approval } from '#src/domain/journal-transaction.ts';
import {
  DONE_BEFORE,
  done,
  refused,
  unknownPayment,
  type DecidingContext,
  type Verdict,
} from './deciding.ts';
import { openingEvents, systemAccount, type AccountInUse } from './first-use.ts';
import type { PaymentState } from './payment-state.ts';
import { receivableAccount, suspenseAccount } from './system-accounts.ts';
import { journalTransaction, type Leg } from './transactions.ts';

export function reversePayment(context: DecidingContext, command: ReversePayment): Verdict {
  const payment = context.state.payments.get(command.paymentId);
  if (!payment) return unknownPayment(command.paymentId);
  const before = payment.reversals.find(({ id }) => id === command.reversalId);
  if (before) return repeatedReversal(command, payment, before.amount);
  const left = payment.captured - payment.reversed;
  if (payment.captured === 0) return refused('not_reversible', `nothing of payment ${payment.id} is posted`);
  const amount = command.amount ?? left;
  if (left === 0 || amount > left) {
    return refused('amount_too_large', `${left} ${payment.asset} can still be reversed, not ${amount}`);
  }
  return isExternal(command)
    ? externalReversal(context, payment, { command, amount })
    : ownReversal(context, payment, { command, amount });
}

interface Reversal {
  readonly command: ReversePayment;
  readonly amount: number;
}

function isExternal({ kind }: ReversePayment): boolean {
  return kind === 'chargeback' || kind === 'recall';
}

function repeatedReversal(command: ReversePayment, payment: Readonly<PaymentState>, amount: number): Verdict {
  const asBefore = command.amount === undefined || command.amount === amount;
  if (asBefore) return DONE_BEFORE;
  return refused(
    'id_taken',
    `payment ${payment.id} has a reversal with that id over ${amount}, not ${command.amount}`,
  );
}

function ownReversal(context: DecidingContext, payment: Readonly<PaymentState>, reversal: Reversal): Verdict {
  const creditor = paidAccount(context, payment.creditor);
  const debtor = paidAccount(context, payment.debtor);
  for (const account of [creditor, debtor]) {
    if (account.status === 'closed') return refused('account_closed', `account ${account.id} is closed`);
  }
  if (creditor.debitsFrozen) return refused('account_frozen', `account ${creditor.id} takes no debits`);
  if (debtor.creditsFrozen) return refused('account_frozen', `account ${debtor.id} takes no credits`);
  if (!canBear(creditor, BigInt(reversal.amount))) {
    return refused(
      'insufficient_funds',
      `account ${creditor.id} cannot bear ${reversal.amount} ${payment.asset}`,
    );
  }
  const legs = reversalLegs({ from: creditor, to: debtor, amount: BigInt(reversal.amount) });
  return reversed(context, payment, { ...reversal, legs, receivable: 0, opened: [] });
}

function externalReversal(
  context: DecidingContext,
  payment: Readonly<PaymentState>,
  reversal: Reversal,
): Verdict {
  const creditor = paidAccount(context, payment.creditor);
  const debtor = paidAccount(context, payment.debtor);
  const borne = bearable(creditor, BigInt(reversal.amount));
  const shortfall = BigInt(reversal.amount) - borne;
  const receivable =
    shortfall > 0n ? systemAccount(context, receivableAccount(payment.asset), payment.asset) : undefined;
  const takesCredits = debtor.status === 'open' && !debtor.creditsFrozen;
  const to = takesCredits
    ? { account: debtor }
    : systemAccount(context, suspenseAccount(payment.asset), payment.asset);
  const legs: Leg[] = [
    { account: creditor, amount: -borne },
    ...(receivable ? [{ account: receivable.account, amount: -shortfall }] : []),
    { account: to.account, amount: BigInt(reversal.amount) },
  ];
  const opened = receivable ? [receivable, to] : [to];
  return reversed(context, payment, { ...reversal, legs, receivable: Number(shortfall), opened });
}

/** How much of `amount` the account may bear; all of it where it may overdraw without end. */
function bearable(account: Readonly<Account>, amount: bigint): bigint {
  if (canBear(account, amount)) return amount;
  const limit = account.overdraft === 'allowed' ? BigInt(account.overdraftLimit ?? 0) : 0n;
  const room = availableBalance(account) + limit;
  return room > 0n ? room : 0n;
}

function reversalLegs(move: { from: Readonly<Account>; to: Readonly<Account>; amount: bigint }): Leg[] {
  return [
    { account: move.from, amount: -move.amount },
    { account: move.to, amount: move.amount },
  ];
}

interface PlannedReversal extends Reversal {
  readonly legs: readonly Leg[];
  readonly receivable: number;
  readonly opened: readonly AccountInUse[];
}

function reversed(context: DecidingContext, payment: Readonly<PaymentState>, plan: PlannedReversal): Verdict {
  const { reversalId, kind, reference } = plan.command;
  const approval: Approval = isExternal(plan.command)
    ? { kind: 'external_fact', ref: reference ?? reversalId }
    : { kind: 'operator', ref: context.actor };
  return done(...openingEvents(...plan.opened), {
    type: 'PaymentReversed',
    paymentId: payment.id,
    reversalId,
    kind,
    amount: plan.amount,
    ...(reference === undefined ? {} : { reference }),
    receivable: plan.receivable,
    transaction: journalTransaction(context.state, { approval, legs: plan.legs }),
  });
}

function paidAccount({ state }: DecidingContext, id: string): Readonly<Account> {
  const account = state.accounts.get(id);
  if (!account) throw new Error(`account ${id} has postings and is not known`);
  return account;
}
