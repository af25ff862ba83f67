/** What the events of a ledger in several shards do to the state; part of `evolve.ts`. */
import type { SagaEvent } from '#src/domain/saga-events.ts';
import type { LedgerState } from './ledger-state.ts';
import type { PaymentState } from './payment-state.ts';
import { applyTransaction } from './transactions.ts';

type Of<Type extends SagaEvent['type']> = Extract<SagaEvent, { readonly type: Type }>;

export function evolveSaga(state: LedgerState, event: SagaEvent): void {
  const { counters } = state;
  switch (event.type) {
    case 'MessageSent':
      counters.sent = withLast(counters.sent, event.target, event.sequence);
      return;
    case 'MessageReceived':
      counters.received = withLast(counters.received, event.source, event.sequence);
      return;
    case 'CreditPosted':
      return applyTransaction(state, event.transaction);
    case 'PaymentSettled':
      arrived(state, state.payments.edit(event.paymentId), event.amount);
      return;
    case 'PaymentReturned':
      return returned(state, event);
    case 'TransferSettled':
      state.accounts.edit(event.debtor).inTransit--;
      return;
    case 'TransferReturned':
      state.accounts.edit(event.debtor).inTransit--;
      return applyTransaction(state, event.transaction);
    case 'ReversalRequested':
      return reversalRequested(state, event);
    case 'ReversalSent':
      return reversalSent(state.payments.edit(event.paymentId), event);
    case 'ReversalRefused':
      return endReversal(state, state.payments.edit(event.paymentId), event.reversalId);
    case 'DebitPosted':
      applyTransaction(state, event.transaction);
      if (event.receivable > 0) state.accounts.edit(event.creditor).receivable += BigInt(event.receivable);
      return;
    case 'PaymentRegistered':
      return state.directory.add(event.paymentId, { home: event.home });
    case 'PaymentIdConflict':
      return conflicted(state.payments.edit(event.paymentId), event.home);
    case 'CreditRefused':
    case 'DebitRefused':
    case 'PaymentIdRefused':
    case 'GenerationBegan':
      return;
  }
}

/** Money of the payment leaves for its creditor in another shard. */
export function depart(state: LedgerState, payment: PaymentState, amount: number): void {
  payment.inTransit += amount;
  state.accounts.edit(payment.debtor).inTransit++;
}

/** The creditor's shard has answered. */
function arrived(state: LedgerState, payment: PaymentState, amount: number): void {
  payment.inTransit -= amount;
  payment.version++;
  state.accounts.edit(payment.debtor).inTransit--;
}

function returned(state: LedgerState, event: Of<'PaymentReturned'>): void {
  const payment = state.payments.edit(event.paymentId);
  arrived(state, payment, event.amount);
  payment.returned += event.amount;
  applyTransaction(state, event.transaction);
}

function reversalRequested(state: LedgerState, event: Of<'ReversalRequested'>): void {
  const payment = state.payments.edit(event.paymentId);
  const { reversalId: id, kind, amount, reference, approval, isForced } = event;
  payment.pendingReversals = [
    ...payment.pendingReversals,
    { id, kind, amount, reference, approval, isForced, isSent: false },
  ];
  payment.version++;
  state.accounts.edit(payment.debtor).inTransit++;
}

function reversalSent(payment: PaymentState, { reversalId, amount }: Of<'ReversalSent'>): void {
  payment.pendingReversals = payment.pendingReversals.map((pending) =>
    pending.id === reversalId ? { ...pending, amount, isSent: true } : pending,
  );
  payment.version++;
}

/** The creditor's shard has answered, whatever it said. */
export function endReversal(state: LedgerState, payment: PaymentState, reversalId: string): void {
  payment.pendingReversals = payment.pendingReversals.filter(({ id }) => id !== reversalId);
  payment.version++;
  state.accounts.edit(payment.debtor).inTransit--;
}

function conflicted(payment: PaymentState, home: number): void {
  payment.idConflict = home;
  payment.version++;
}

/** The numbers with that of one shard changed; shards before it that were not heard of are at 0. */
function withLast(numbers: readonly number[], shard: number, sequence: number): readonly number[] {
  const changed = [...numbers];
  while (changed.length <= shard) changed.push(0);
  changed[shard] = sequence;
  return changed;
}
