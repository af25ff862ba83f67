/** Builds journal transactions, and applies them. Both check that they balance (L1). */
import type { Account } from '#src/domain/account.ts';
import {
  imbalances,
  isBalanced,
  type Approval,
  type JournalTransaction,
  type Posting,
} from '#src/domain/journal-transaction.ts';
import type { ShardPlace } from '#src/domain/shard-place.ts';
import type { DecidingContext } from './deciding.ts';
import type { LedgerState } from './ledger-state.ts';
import type { PaymentState } from './payment-state.ts';
import { inTransitAccount } from './system-accounts.ts';

export interface Leg {
  /** The account as it stands; one that this transaction's command opens need not be in the state yet. */
  readonly account: Readonly<Account>;
  /** Credit positive, debit negative; legs of zero are left out. */
  readonly amount: bigint;
}

export interface TransactionPlan {
  readonly approval: Approval;
  /** Each account at most once. */
  readonly legs: readonly Leg[];
}

/** The next transaction, with the balance of each account after its posting. Applies nothing. */
export function journalTransaction(
  state: LedgerState,
  { approval, legs }: TransactionPlan,
): JournalTransaction {
  const postings: Posting[] = [];
  for (const { account, amount } of legs) {
    if (amount === 0n) continue;
    postings.push({ account: account.id, asset: account.asset, amount, balance: account.posted + amount });
  }
  return checked({ id: state.counters.transactions + 1, approval, postings });
}

/** Posts a transaction to its accounts. @throws Error when it does not fit the state: a broken log. */
export function applyTransaction(state: LedgerState, transaction: JournalTransaction): void {
  checked(transaction);
  for (const { account, amount, balance } of transaction.postings) {
    const edited = state.accounts.edit(account);
    edited.posted += amount;
    if (edited.posted !== balance) {
      throw new Error(
        `transaction ${transaction.id}: ${account} stands at ${edited.posted}, not at ${balance}`,
      );
    }
  }
  state.counters.transactions = transaction.id;
}

function checked(transaction: JournalTransaction): JournalTransaction {
  const { id, postings } = transaction;
  if (!isBalanced(postings)) {
    const wrong = [...imbalances(postings)].map(([asset, sum]) => `${sum} ${asset}`);
    throw new Error(`transaction ${id} does not balance: ${wrong.join(', ')} too much`);
  }
  if (postings.length < 2) throw new Error(`transaction ${id} has fewer than two postings`);
  return transaction;
}

interface Move {
  readonly amount: number;
  readonly approval: Approval;
}

/** Money of a payment from its debtor to its creditor, or on its way to the creditor's shard. */
export function movePayment(
  { state, place }: DecidingContext,
  payment: Readonly<PaymentState>,
  { amount, approval }: Move,
): JournalTransaction {
  return journalTransaction(state, {
    approval,
    legs: [
      { account: heldAccount(state, payment.debtor), amount: -BigInt(amount) },
      { account: heldAccount(state, creditedHere(payment, place)), amount: BigInt(amount) },
    ],
  });
}

function creditedHere({ creditor, creditorShard, asset }: Readonly<PaymentState>, place: ShardPlace): string {
  if (creditorShard === undefined) return creditor;
  return inTransitAccount({ from: place.index, to: creditorShard, asset });
}

function heldAccount(state: LedgerState, id: string): Readonly<Account> {
  const account = state.accounts.get(id);
  if (!account) throw new Error(`account ${id} has a hold and is not known`);
  return account;
}
