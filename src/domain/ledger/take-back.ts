/**
 * The two sides of money that goes back: what is taken from the creditor, and where it goes.
 *
 * What has happened outside is posted always (L9): what the creditor may not bear goes to the receivable
 * account, and what the debtor cannot take to the suspense account.
 */
import { availableBalance, canBear, type Account } from '#src/domain/account.ts';
import type { DebitRefusal } from '#src/domain/shard-message.ts';
import type { DecidingContext } from './deciding.ts';
import { systemAccount, type AccountInUse } from './first-use.ts';
import { receivableAccount, suspenseAccount } from './system-accounts.ts';
import type { Leg } from './transactions.ts';

export interface Taking {
  readonly legs: readonly Leg[];
  readonly opened: readonly AccountInUse[];
  /** How much of it the account could not bear. */
  readonly receivable: number;
}

/** Takes all of it, from the account as far as it may bear it. */
export function takeByForce(
  context: DecidingContext,
  account: Readonly<Account>,
  amountMinor: number,
): Taking {
  const amount = BigInt(amountMinor);
  const borne = bearable(account, amount);
  const shortfall = amount - borne;
  const own: Leg = { account, amount: -borne };
  if (shortfall === 0n) return { legs: [own], opened: [], receivable: 0 };
  const owed = systemAccount(context, receivableAccount(account.asset), account.asset);
  const legs = [own, { account: owed.account, amount: -shortfall }];
  return { legs, opened: [owed], receivable: Number(shortfall) };
}

/** Why an account does not give the amount back of itself; undefined where it does. */
export function takingRefusal(account: Readonly<Account>, amountMinor: number): DebitRefusal | undefined {
  if (account.status === 'closed') return 'account_closed';
  if (account.debitsFrozen) return 'account_frozen';
  return canBear(account, BigInt(amountMinor)) ? undefined : 'insufficient_funds';
}

/** The account that money goes back to, or the suspense account when it takes no credits. */
export function backTo(context: DecidingContext, account: Readonly<Account>): AccountInUse {
  const takesCredits = account.status === 'open' && !account.creditsFrozen;
  return takesCredits ? { account } : systemAccount(context, suspenseAccount(account.asset), account.asset);
}

/** How much of `amount` the account may bear; all of it where it may overdraw without end. */
function bearable(account: Readonly<Account>, amount: bigint): bigint {
  if (canBear(account, amount)) return amount;
  const limit = account.overdraft === 'allowed' ? BigInt(account.overdraftLimit ?? 0) : 0n;
  const room = availableBalance(account) + limit;
  return room > 0n ? room : 0n;
}

/** An account that has moved money, and so is known. */
export function paidAccount({ state }: Pick<DecidingContext, 'state'>, id: string): Readonly<Account> {
  const account = state.accounts.get(id);
  if (!account) throw new Error(`account ${id} has postings and is not known`);
  return account;
}
