/**
 * What each event does to the state. Nothing else changes it, and nothing is refused here: an event
 * that does not fit is a broken log and throws.
 */
import { openedAccount, type Account, type Direction } from '#src/domain/account.ts';
import type {
  AccountOpened,
  LedgerEvent,
  PaymentCaptured,
  PaymentReceived,
  PaymentReversed,
  PaymentDecided,
  ReviewDecided,
  TransferPosted,
} from '#src/domain/events.ts';
import { depart, endReversal, evolveSaga } from './evolve-saga.ts';
import { authorizationKey, receiptKey, type LedgerState } from './ledger-state.ts';
import { heldAmount, policyApproval, type PaymentState, type PaymentStatus } from './payment-state.ts';
import { inTransitWay, isReceivableAccount } from './system-accounts.ts';
import { applyTransaction } from './transactions.ts';

export interface EventContext {
  readonly shardTime: number;
  /** Position of the log row that the event stands in. */
  readonly position: number;
  /** The keyed hashes of the payment's entities; empty where none are known. */
  readonly entityKeys: Uint8Array;
}

export function evolve(state: LedgerState, event: LedgerEvent, context: EventContext): void {
  switch (event.type) {
    case 'AccountOpened':
      return openAccount(state, event, context);
    case 'AccountFrozen':
      return setFrozen(state.accounts.edit(event.account), event.direction, true);
    case 'AccountUnfrozen':
      return setFrozen(state.accounts.edit(event.account), event.direction, false);
    case 'AccountClosed':
      state.accounts.edit(event.account).status = 'closed';
      return;
    case 'TransferPosted':
      return transfer(state, event);
    case 'PaymentReceived':
      return receive(state, event, context);
    case 'PaymentRejected':
      return end(state, event.paymentId, 'rejected');
    case 'PaymentDecided':
      return decided(state.payments.edit(event.paymentId), event);
    case 'PaymentAwaits':
      return awaits(state.payments.edit(event.paymentId), event);
    case 'PaymentPosted':
      return post(state, event);
    case 'PaymentCaptured':
      return capture(state, event);
    case 'PaymentRecorded':
      return end(state, event.paymentId, 'recorded');
    case 'PaymentDenied':
      return end(state, event.paymentId, 'denied');
    case 'PaymentVoided':
      state.payments.edit(event.paymentId).voided = true;
      return end(state, event.paymentId, 'voided');
    case 'PaymentExpired':
      return end(state, event.paymentId, 'expired');
    case 'PaymentReversed':
      return reverse(state, event);
    case 'ReviewDecided':
      return reviewed(state.payments.edit(event.paymentId), event);
    case 'AuthorizationRecorded':
      state.receipts.add(authorizationKey(event), { bodyDigest: event.bodyDigest });
      state.payments.edit(event.paymentId).version++;
      return;
    case 'ChallengeAnswered':
      state.payments.edit(event.paymentId).version++;
      return;
    case 'SignalRecorded':
      state.receipts.add(receiptKey('signal', event.signalId), { bodyDigest: event.bodyDigest });
      return;
    case 'LabelRecorded':
      return labelled(state, event);
    case 'LedgerOpened':
    case 'PolicyActivated':
    case 'ModelActivated':
    case 'IpTableRecorded':
    case 'RatesRecorded':
    case 'TokenCreated':
    case 'TokenRevoked':
    case 'ListEntryAdded':
    case 'ListEntryRemoved':
    case 'PersonalDataErased':
      return;
    default:
      return evolveSaga(state, event);
  }
}

function openAccount(state: LedgerState, event: AccountOpened, { shardTime }: EventContext): void {
  const { account: id, asset, overdraft, overdraftLimit, bodyDigest } = event;
  if (inTransitWay(id)) state.counters.inTransit = [...state.counters.inTransit, id];
  state.accounts.add(
    id,
    openedAccount({ id, asset, overdraft, overdraftLimit, openedAt: shardTime, bodyDigest }),
  );
}

function setFrozen(account: Account, direction: Direction, frozen: boolean): void {
  if (direction !== 'credits') account.debitsFrozen = frozen;
  if (direction !== 'debits') account.creditsFrozen = frozen;
}

function transfer(state: LedgerState, event: TransferPosted): void {
  applyTransaction(state, event.transaction);
  state.receipts.add(receiptKey('transfer', event.transferId), { bodyDigest: event.bodyDigest });
  const [debit, credit] = event.transaction.postings;
  if (debit && event.creditor !== undefined) state.accounts.edit(debit.account).inTransit++;
  if (!debit || !credit || !isReceivableAccount(credit.account)) return;
  const payer = state.accounts.edit(debit.account);
  const left = payer.receivable - credit.amount;
  payer.receivable = left > 0n ? left : 0n;
}

function receive(state: LedgerState, event: PaymentReceived, context: EventContext): void {
  const { facts, hold } = event;
  state.counters.featureTime = Math.max(state.counters.featureTime, event.featureTime);
  if (hold !== undefined) {
    const { debtor, creditor } = facts;
    reserve(state, { debtor, creditor, creditorShard: event.creditorShard }, BigInt(facts.amount));
    state.counters.holds = hold;
  }
  state.payments.add(facts.id, {
    id: facts.id,
    debtor: facts.debtor,
    creditor: facts.creditor,
    asset: facts.asset,
    amount: facts.amount,
    manualCapture: facts.capture === 'manual',
    verification: facts.channel === 'verification',
    bodyDigest: event.bodyDigest,
    entityKeys: context.entityKeys,
    featureTime: event.featureTime,
    receivedIn: context.position,
    hold,
    creditorShard: event.creditorShard,
    status: 'pending',
    awaiting: 'decision',
    until: undefined,
    reviewEffectAt: undefined,
    reviewOutcome: undefined,
    reviewer: undefined,
    isLabelledFraud: false,
    decisions: 0,
    approval: undefined,
    outcome: undefined,
    voided: false,
    captured: 0,
    reversed: 0,
    captures: [],
    reversals: [],
    inTransit: 0,
    returned: 0,
    pendingReversals: [],
    idConflict: undefined,
    version: 1,
  });
}

type Sides = Pick<PaymentState, 'debtor' | 'creditor' | 'creditorShard'>;

/** A creditor in another shard knows nothing of it until the money arrives. */
function reserve(state: LedgerState, { debtor, creditor, creditorShard }: Sides, amount: bigint): void {
  const from = state.accounts.edit(debtor);
  from.heldDebits += amount;
  from.openHolds++;
  if (creditorShard !== undefined) return;
  const to = state.accounts.edit(creditor);
  to.heldCredits += amount;
  to.openHolds++;
}

/** Frees a part of a payment's hold; the last part closes it. */
function release(state: LedgerState, payment: PaymentState, part: { amount: bigint; last: boolean }): void {
  if (payment.hold === undefined) return;
  const from = state.accounts.edit(payment.debtor);
  from.heldDebits -= part.amount;
  if (part.last) from.openHolds--;
  if (payment.creditorShard !== undefined) return;
  const to = state.accounts.edit(payment.creditor);
  to.heldCredits -= part.amount;
  if (part.last) to.openHolds--;
}

function decided(payment: PaymentState, { decision }: PaymentDecided): void {
  payment.decisions = decision.number;
  payment.outcome = decision.outcome;
  payment.approval = policyApproval(decision);
  payment.version++;
}

function awaits(payment: PaymentState, { awaiting, until }: Pick<PaymentState, 'awaiting' | 'until'>): void {
  payment.awaiting = awaiting;
  payment.until = until;
  payment.reviewEffectAt = undefined;
  payment.version++;
}

function reviewed(payment: PaymentState, event: ReviewDecided): void {
  payment.version++;
  if (event.outcome === 'escalate') return;
  payment.reviewEffectAt = event.effectAt;
  payment.reviewOutcome = event.outcome;
  payment.reviewer = event.reviewer;
  payment.approval = { kind: 'reviewer', ref: event.reviewer };
}

function post(state: LedgerState, event: LedgerEvent & { type: 'PaymentPosted' }): void {
  const payment = pendingPayment(state, event.paymentId);
  release(state, payment, { amount: BigInt(heldAmount(payment)), last: true });
  applyTransaction(state, event.transaction);
  payment.captured = payment.amount;
  if (payment.creditorShard !== undefined) depart(state, payment, payment.amount);
  finish(payment, 'posted');
}

function capture(state: LedgerState, event: PaymentCaptured): void {
  const payment = pendingPayment(state, event.paymentId);
  const released = event.final ? heldAmount(payment) : event.amount;
  release(state, payment, { amount: BigInt(released), last: event.final });
  applyTransaction(state, event.transaction);
  payment.captured += event.amount;
  if (payment.creditorShard !== undefined) depart(state, payment, event.amount);
  payment.captures = [...payment.captures, { id: event.captureId, amount: event.amount }];
  if (event.final) finish(payment, 'posted');
  else payment.version++;
}

/** Ends a pending payment and frees what it still holds; what was captured before stays posted. */
function end(state: LedgerState, paymentId: string, status: PaymentStatus): void {
  const payment = pendingPayment(state, paymentId);
  release(state, payment, { amount: BigInt(heldAmount(payment)), last: true });
  finish(payment, payment.captured > 0 ? 'posted' : status);
}

function finish(payment: PaymentState, status: PaymentStatus): void {
  payment.status = status;
  payment.awaiting = undefined;
  payment.until = undefined;
  payment.reviewEffectAt = undefined;
  payment.version++;
}

function reverse(state: LedgerState, event: PaymentReversed): void {
  const payment = state.payments.edit(event.paymentId);
  applyTransaction(state, event.transaction);
  if (payment.creditorShard !== undefined) endReversal(state, payment, event.reversalId);
  else if (event.receivable > 0) state.accounts.edit(payment.creditor).receivable += BigInt(event.receivable);
  payment.reversed += event.amount;
  payment.reversals = [...payment.reversals, { id: event.reversalId, amount: event.amount }];
  payment.version++;
}

function labelled(state: LedgerState, event: LedgerEvent & { type: 'LabelRecorded' }): void {
  state.receipts.add(receiptKey('label', event.labelId), { bodyDigest: event.bodyDigest });
  if (event.paymentId === undefined) return;
  const payment = state.payments.edit(event.paymentId);
  if (event.turns !== undefined) payment.isLabelledFraud = event.turns === 'fraud';
  payment.version++;
}

function pendingPayment(state: LedgerState, paymentId: string): PaymentState {
  const payment = state.payments.edit(paymentId);
  if (payment.status !== 'pending')
    throw new Error(`payment ${paymentId} has ended already: ${payment.status}`);
  return payment;
}
