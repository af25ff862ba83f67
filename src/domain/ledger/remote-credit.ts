/**
 * Money on its way to a creditor in another shard. The debtor's shard has posted it from the debtor to an
 * account in transit; the creditor's shard posts it from there to the creditor, or says why it cannot,
 * and the debtor's shard takes it back. A return is never refused, and never returned again.
 */
import type { Account } from '#src/domain/account.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import type { Approval, JournalTransaction } from '#src/domain/journal-transaction.ts';
import type {
  CreditAccount,
  CreditRefusal,
  CreditReturned,
  CreditTaken,
  CreditTerms,
} from '#src/domain/shard-message.ts';
import type { DecidingContext } from './deciding.ts';
import { accountInUse, inTransit, openingEvents, type AccountInUse } from './first-use.ts';
import type { PaymentState } from './payment-state.ts';
import { answeredWaiting } from './remote-reversal.ts';
import { backTo, paidAccount } from './take-back.ts';
import { journalTransaction } from './transactions.ts';

/** In the creditor's shard. */
export function creditAccount(
  context: DecidingContext,
  source: number,
  message: CreditAccount,
): readonly LedgerEvent[] {
  const { type: _, ...terms } = message;
  const { creditor, asset } = terms;
  const to = accountInUse(context, { id: creditor, asset, side: 'creditor' });
  const reason = creditRefusal(to?.account, asset);
  if (!to || reason)
    return [{ type: 'CreditRefused', source, ...terms, reason: reason ?? 'creditor_unknown' }];
  return [...openingEvents(to), ...creditedEvents(context, { source, terms, account: to.account })];
}

export interface Crediting {
  readonly source: number;
  readonly terms: CreditTerms;
  readonly account: Readonly<Account>;
}

/** Money that has arrived, on an account that takes it. */
export function creditedEvents(
  context: DecidingContext,
  { source, terms, account }: Crediting,
): readonly LedgerEvent[] {
  const { asset, amount } = terms;
  const transit = inTransit(context, { from: source, asset });
  const transaction = journalTransaction(context.state, {
    approval: movementApproval(terms),
    legs: [
      { account: transit.account, amount: -BigInt(amount) },
      { account, amount: BigInt(amount) },
    ],
  });
  return [...openingEvents(transit), { type: 'CreditPosted', source, ...terms, transaction }];
}

function creditRefusal(account: Readonly<Account> | undefined, asset: string): CreditRefusal | undefined {
  if (!account) return 'creditor_unknown';
  if (account.asset !== asset) return 'asset_mismatch';
  if (account.status === 'closed') return 'creditor_closed';
  return account.creditsFrozen ? 'creditor_frozen' : undefined;
}

/** At home: the creditor has it, and what waited to take it back can be asked for. */
export function settleCredit({ state }: DecidingContext, message: CreditTaken): readonly LedgerEvent[] {
  const { paymentId, captureId, transferId, debtor, amount } = message;
  if (transferId !== undefined) return [{ type: 'TransferSettled', transferId, debtor }];
  const payment = sentPayment(state, paymentId);
  const settled: LedgerEvent = {
    type: 'PaymentSettled',
    paymentId: payment.id,
    ...(captureId === undefined ? {} : { captureId }),
    amount,
  };
  return [settled, ...answeredWaiting({ ...payment, inTransit: payment.inTransit - amount })];
}

/** At home: it comes back. */
export function takeReturn(
  context: DecidingContext,
  source: number,
  message: CreditReturned,
): readonly LedgerEvent[] {
  const { paymentId, captureId, transferId, debtor, amount, reason } = message;
  const { transaction, opened } = returnTransaction(context, source, message);
  const opening = openingEvents(...opened);
  if (transferId !== undefined)
    return [...opening, { type: 'TransferReturned', transferId, debtor, reason, transaction }];
  const payment = sentPayment(context.state, paymentId);
  const returned: LedgerEvent = {
    type: 'PaymentReturned',
    paymentId: payment.id,
    ...(captureId === undefined ? {} : { captureId }),
    amount,
    reason,
    transaction,
  };
  const { inTransit: moving, returned: before } = payment;
  const after = { ...payment, inTransit: moving - amount, returned: before + amount };
  return [...opening, returned, ...answeredWaiting(after)];
}

function returnTransaction(
  context: DecidingContext,
  creditorShard: number,
  terms: CreditTerms,
): { transaction: JournalTransaction; opened: readonly AccountInUse[] } {
  const { debtor, asset, amount } = terms;
  const transit = inTransit(context, { to: creditorShard, asset });
  const to = backTo(context, paidAccount(context, debtor));
  const transaction = journalTransaction(context.state, {
    approval: movementApproval(terms, '/return'),
    legs: [
      { account: transit.account, amount: -BigInt(amount) },
      { account: to.account, amount: BigInt(amount) },
    ],
  });
  return { transaction, opened: [transit, to] };
}

/** Names the movement; no id has a `/` in it. */
function movementApproval({ paymentId, captureId, transferId }: CreditTerms, suffix = ''): Approval {
  const movement =
    transferId === undefined
      ? `payment/${paymentId}${captureId === undefined ? '' : `/capture/${captureId}`}`
      : `transfer/${transferId}`;
  return { kind: 'saga', ref: movement + suffix };
}

function sentPayment(
  { payments }: DecidingContext['state'],
  paymentId: string | undefined,
): Readonly<PaymentState> {
  const payment = paymentId === undefined ? undefined : payments.get(paymentId);
  if (!payment || payment.inTransit === 0) throw new Error(`nothing of payment ${paymentId} is in transit`);
  return payment;
}
