/** Accounts that the ledger opens for itself, one for each asset. Their names are reserved. */

export const RESERVED_PREFIX = 'vouch:';

/** What creditors owe because an external fact took more than they may bear (L9). */
export function receivableAccount(asset: string): string {
  return `${RESERVED_PREFIX}receivable:${asset}`;
}

/** Money that must go back to an account which cannot take it. */
export function suspenseAccount(asset: string): string {
  return `${RESERVED_PREFIX}suspense:${asset}`;
}

export function isReceivableAccount(id: string): boolean {
  return id.startsWith(`${RESERVED_PREFIX}receivable:`);
}

export function isReserved(id: string): boolean {
  return id.startsWith(RESERVED_PREFIX);
}
