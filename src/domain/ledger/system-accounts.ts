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

/** Money on its way from one shard to another; both keep it, and together they stand at what is moving. */
export function inTransitAccount(way: { from: number; to: number; asset: string }): string {
  return `${RESERVED_PREFIX}in-transit:${way.from}>${way.to}:${way.asset}`;
}

export function isInTransitAccount(id: string): boolean {
  return id.startsWith(`${RESERVED_PREFIX}in-transit:`);
}

export function isReceivableAccount(id: string): boolean {
  return id.startsWith(`${RESERVED_PREFIX}receivable:`);
}

export function isReserved(id: string): boolean {
  return id.startsWith(RESERVED_PREFIX);
}
