/**
 * Which other shards have to be told of an event, and what. A function of the event and of where it
 * happened, so that no decider needs to think of messages.
 */
import type { LedgerEvent, TransferPosted } from '#src/domain/events.ts';
import type { SagaEvent } from '#src/domain/saga-events.ts';
import type { OutgoingMessage } from '#src/domain/shard-message.ts';
import {
  otherShardOf,
  SHARED_FACTS_SHARD,
  shardOfPayment,
  type ShardPlace,
} from '#src/domain/shard-place.ts';
import type { LedgerState } from './ledger-state.ts';
import type { PaymentState } from './payment-state.ts';

interface Telling {
  readonly place: ShardPlace;
  /** With the event applied. */
  readonly state: LedgerState;
}

export function messagesAfter(event: LedgerEvent, telling: Telling): readonly OutgoingMessage[] {
  const { place, state } = telling;
  switch (event.type) {
    case 'PolicyActivated':
    case 'ModelActivated':
    case 'IpTableRecorded':
    case 'RatesRecorded':
    case 'TokenCreated':
    case 'TokenRevoked':
    case 'ListEntryAdded':
    case 'ListEntryRemoved':
      if (place.index !== SHARED_FACTS_SHARD) return NONE;
      return otherShards(place).map((target) => ({ target, message: { type: 'ShareFact', fact: event } }));
    case 'PaymentReceived':
      return registration(event.facts.id, place);
    case 'PaymentPosted':
      return paymentCredit(paymentIn(state, event.paymentId), {});
    case 'PaymentCaptured':
      return paymentCredit(paymentIn(state, event.paymentId), event);
    case 'TransferPosted':
      return transferCredit(event, place);
    default:
      return sagaMessages(event, state);
  }
}

function sagaMessages(event: LedgerEvent, state: LedgerState): readonly OutgoingMessage[] {
  switch (event.type) {
    case 'CreditPosted': {
      const { source, transaction: _, ...terms } = event;
      return [{ target: source, message: { ...terms, type: 'CreditTaken' } }];
    }
    case 'CreditRefused': {
      const { source, ...terms } = event;
      return [{ target: source, message: { ...terms, type: 'CreditReturned' } }];
    }
    case 'ReversalSent':
      return reversalDebit(paymentIn(state, event.paymentId), event);
    case 'DebitPosted': {
      const { source, paymentId, reversalId, asset, amount, receivable } = event;
      return [
        { target: source, message: { type: 'DebitTaken', paymentId, reversalId, asset, amount, receivable } },
      ];
    }
    case 'DebitRefused': {
      const { source, paymentId, reversalId, reason } = event;
      return [{ target: source, message: { type: 'DebitReturned', paymentId, reversalId, reason } }];
    }
    case 'PaymentIdRefused': {
      const { paymentId, home, second } = event;
      return [{ target: second, message: { type: 'PaymentIdTaken', paymentId, home } }];
    }
    default:
      return NONE;
  }
}

const NONE: readonly OutgoingMessage[] = [];

function otherShards({ index, count }: ShardPlace): number[] {
  return Array.from({ length: count }, (_, shard) => shard).filter((shard) => shard !== index);
}

/** Also a rejected payment has taken its id. */
function registration(paymentId: string, { index, count }: ShardPlace): readonly OutgoingMessage[] {
  const target = shardOfPayment(paymentId, count);
  return target === index ? NONE : [{ target, message: { type: 'RegisterPayment', paymentId } }];
}

function paymentCredit(
  payment: Readonly<PaymentState>,
  capture: { readonly captureId?: string; readonly amount?: number },
): readonly OutgoingMessage[] {
  const { id: paymentId, creditorShard, debtor, creditor, asset } = payment;
  if (creditorShard === undefined) return NONE;
  const { captureId, amount = payment.amount } = capture;
  const terms = { ...(captureId === undefined ? {} : { captureId }), debtor, creditor, asset, amount };
  return [{ target: creditorShard, message: { type: 'CreditAccount', paymentId, ...terms } }];
}

function transferCredit(event: TransferPosted, place: ShardPlace): readonly OutgoingMessage[] {
  const { transferId, creditor, transaction } = event;
  const target = creditor === undefined ? undefined : otherShardOf(creditor, place);
  const [debit, credit] = transaction.postings;
  if (creditor === undefined || target === undefined || !debit || !credit) return NONE;
  const { account: debtor, asset } = debit;
  const amount = Number(credit.amount);
  return [{ target, message: { type: 'CreditAccount', transferId, debtor, creditor, asset, amount } }];
}

function reversalDebit(
  payment: Readonly<PaymentState>,
  { reversalId, amount }: Extract<SagaEvent, { type: 'ReversalSent' }>,
): readonly OutgoingMessage[] {
  const { id: paymentId, creditorShard, creditor, asset } = payment;
  const pending = payment.pendingReversals.find(({ id }) => id === reversalId);
  if (creditorShard === undefined || !pending)
    throw new Error(`reversal ${reversalId} of payment ${paymentId} has no creditor to ask`);
  const { kind, approval, isForced } = pending;
  const terms = { paymentId, reversalId, kind, creditor, asset, amount, approval, isForced };
  return [{ target: creditorShard, message: { type: 'DebitAccount', ...terms } }];
}

function paymentIn({ payments }: LedgerState, paymentId: string): Readonly<PaymentState> {
  const payment = payments.get(paymentId);
  if (!payment) throw new Error(`payment ${paymentId} is not known`);
  return payment;
}
