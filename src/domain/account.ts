/** An account of the ledger. Balances are credits less debits, in minor units of its asset. */

export type Overdraft = 'forbidden' | 'allowed';
export type Direction = 'debits' | 'credits' | 'both';
export type AccountStatus = 'open' | 'closed';

export interface Account {
  readonly id: string;
  readonly asset: string;
  readonly overdraft: Overdraft;
  /** How far below zero an account with overdraft may go; undefined: without end. */
  readonly overdraftLimit: number | undefined;
  readonly openedAt: number;
  status: AccountStatus;
  debitsFrozen: boolean;
  creditsFrozen: boolean;
  posted: bigint;
  heldDebits: bigint;
  /** Of payments of this shard's debtors; what another shard's have on hold is not known here. */
  heldCredits: bigint;
  /** Holds that are open on either side. */
  openHolds: number;
  /** Movements of its money, on either way, that another shard has not answered. */
  inTransit: number;
  /** What it owes because an external fact took more than it may bear (L9); blocks new debits. */
  receivable: bigint;
  /** SHA-256 of the canonical form of the request that opened it; empty when opened on first use. */
  readonly bodyDigest: Uint8Array;
}

export type AccountOpening = Pick<
  Account,
  'id' | 'asset' | 'overdraft' | 'overdraftLimit' | 'openedAt' | 'bodyDigest'
>;

export function openedAccount(opening: AccountOpening): Account {
  return {
    ...opening,
    status: 'open',
    debitsFrozen: false,
    creditsFrozen: false,
    posted: 0n,
    heldDebits: 0n,
    heldCredits: 0n,
    openHolds: 0,
    inTransit: 0,
    receivable: 0n,
  };
}

/** What may be debited before the overdraft is touched. */
export function availableBalance(account: Account): bigint {
  return account.posted - account.heldDebits;
}

/** Whether `amount` more may leave the account, holds included (L4). */
export function canBear(account: Account, amount: bigint): boolean {
  const after = availableBalance(account) - amount;
  if (after >= 0n) return true;
  if (account.overdraft === 'forbidden') return false;
  return account.overdraftLimit === undefined || after >= -BigInt(account.overdraftLimit);
}
