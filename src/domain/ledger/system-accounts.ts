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

/** Undefined for any other account. */
export function inTransitWay(id: string): { from: number; to: number; asset: string } | undefined {
  const [, from, to, asset] = /^vouch:in-transit:(\d+)>(\d+):(.+)$/.exec(id) ?? [];
  return asset === undefined ? undefined : { from: Number(from), to: Number(to), asset };
}

export function isReceivableAccount(id: string): boolean {
  return id.startsWith(`${RESERVED_PREFIX}receivable:`);
}

export function isReserved(id: string): boolean {
  return id.startsWith(RESERVED_PREFIX);
}
