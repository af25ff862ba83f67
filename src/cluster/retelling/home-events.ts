/**
 * What an event of a ledger in one process is in a ledger of several shards, in the shard that it belongs to.
 * Nothing is decided again: only what names a place or a number of the log is put in the words of the shard,
 * and money for an account of another shard goes by way of the account in transit.
 */
import type { LedgerEvent, PaymentReceived, PaymentReversed, TransferPosted } from '#src/domain/events.ts';
import type { DecidingContext } from '#src/domain/ledger/deciding.ts';
import { inTransit, openingEvents, systemAccount, type AccountInUse } from '#src/domain/ledger/first-use.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import { requestReversal } from '#src/domain/ledger/remote-reversal.ts';
import { isReserved } from '#src/domain/ledger/system-accounts.ts';
import { journalTransaction, movePayment } from '#src/domain/ledger/transactions.ts';
import type { Posting } from '#src/domain/journal-transaction.ts';
import { otherShardOf } from '#src/domain/shard-place.ts';

export function homeEvents(context: DecidingContext, event: LedgerEvent): readonly LedgerEvent[] {
  switch (event.type) {
    case 'PaymentReceived':
      return received(context, event);
    case 'PaymentPosted': {
      const payment = paymentIn(context, event.paymentId);
      const { amount } = payment;
      const { approval } = event.transaction;
      return [{ ...event, transaction: movePayment(context, payment, { amount, approval }) }];
    }
    case 'PaymentCaptured': {
      const payment = paymentIn(context, event.paymentId);
      const { amount } = event;
      const { approval } = event.transaction;
      return [{ ...event, transaction: movePayment(context, payment, { amount, approval }) }];
    }
    case 'PaymentReversed':
      return reversed(context, event);
    case 'TransferPosted':
      return transferred(context, event);
    case 'AccountFrozen':
    case 'AccountUnfrozen':
    case 'AccountClosed':
      return isReserved(event.account)
        ? [...openingEvents(reservedAccount(context, event.account)), event]
        : [event];
    default:
      return [event];
  }
}

/** Holds are numbered by each shard; positions are those in histories that this ledger does not have. */
function received(context: DecidingContext, event: PaymentReceived): readonly LedgerEvent[] {
  const { creditor, asset } = event.facts;
  const creditorShard = otherShardOf(creditor, context.place);
  const retold = {
    ...event,
    positions: [],
    ...(event.hold === undefined ? {} : { hold: context.state.counters.holds + 1 }),
    ...(creditorShard === undefined ? {} : { creditorShard }),
  };
  if (event.hold === undefined || creditorShard === undefined) return [retold];
  return [...openingEvents(inTransit(context, { to: creditorShard, asset })), retold];
}

function reversed(context: DecidingContext, event: PaymentReversed): readonly LedgerEvent[] {
  const payment = paymentIn(context, event.paymentId);
  const { reversalId: id, kind, amount, reference, transaction } = event;
  const { approval, postings } = transaction;
  if (payment.creditorShard !== undefined) {
    const isForced = approval.kind === 'external_fact';
    return requestReversal(payment, { id, kind, amount, reference, approval, isForced });
  }
  const legs = postings.map(({ account, amount: moved }) => ({ use: usedAccount(context, account), moved }));
  return [
    ...openingEvents(...legs.map(({ use }) => use)),
    {
      ...event,
      transaction: journalTransaction(context.state, {
        approval,
        legs: legs.map(({ use, moved }) => ({ account: use.account, amount: moved })),
      }),
    },
  ];
}

function transferred(context: DecidingContext, event: TransferPosted): readonly LedgerEvent[] {
  const { approval } = event.transaction;
  const { debit, credit } = sidesOf(event);
  const target = otherShardOf(credit.account, context.place);
  const from = usedAccount(context, debit.account);
  const to =
    target === undefined
      ? usedAccount(context, credit.account)
      : inTransit(context, { to: target, asset: credit.asset });
  return [
    ...openingEvents(from, to),
    {
      ...event,
      ...(target === undefined ? {} : { creditor: credit.account }),
      transaction: journalTransaction(context.state, {
        approval,
        legs: [
          { account: from.account, amount: debit.amount },
          { account: to.account, amount: credit.amount },
        ],
      }),
    },
  ];
}

export function sidesOf({ transferId, transaction }: TransferPosted): { debit: Posting; credit: Posting } {
  const [debit, credit] = transaction.postings;
  if (!debit || !credit) throw new Error(`transfer ${transferId} has no two sides`);
  return { debit, credit };
}

function usedAccount(context: DecidingContext, id: string): AccountInUse {
  if (isReserved(id)) return reservedAccount(context, id);
  const account = context.state.accounts.get(id);
  if (!account) throw new Error(`account ${id} is not known in shard ${context.place.index}`);
  return { account };
}

/** Each shard opens the ledger's own accounts when it needs them; their names end in the asset. */
function reservedAccount(context: DecidingContext, id: string): AccountInUse {
  return systemAccount(context, id, id.slice(id.lastIndexOf(':') + 1));
}

function paymentIn({ state }: DecidingContext, id: string): Readonly<PaymentState> {
  const payment = state.payments.get(id);
  if (!payment) throw new Error(`payment ${id} is not known`);
  return payment;
}
