/**
 * Which shard of a ledger an account or an id belongs to. Never changed: what was decided by one shard
 * would be looked for in another.
 */

import { isReserved } from './ledger/system-accounts.ts';

/** A shard among those of its ledger. Their number is fixed when the ledger is made. */
export interface ShardPlace {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** The place of a ledger that is in one shard. */
export const ALONE: ShardPlace = { index: 0, count: 1 };

/** Facts that all shards share are decided by this one, which tells the others. */
export const SHARED_FACTS_SHARD = 0;

/** The shard that owns an account. The ledger's own accounts (`vouch:…`) are in every shard. */
export function shardOfAccount(account: string, count: number): number {
  return count === 1 ? 0 : fnv1a(account) % count;
}

/** The shard of an account that is not in this one; undefined for one that is, and for the ledger's own. */
export function otherShardOf(account: string, { index, count }: ShardPlace): number | undefined {
  if (count === 1 || isReserved(account)) return undefined;
  const shard = shardOfAccount(account, count);
  return shard === index ? undefined : shard;
}

/** The shard that keeps the directory entry of a payment's (or another thing's) id. */
export function shardOfPayment(paymentId: string, count: number): number {
  return count === 1 ? 0 : fnv1a(paymentId) % count;
}

const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a with 32 bits over the text's bytes (draft-eastlake-fnv). Accounts and ids are ASCII, so that a
 * character is a byte. Short, the same everywhere, and even enough for ids; not against who chooses ids
 * to load one shard, which is no more than loading one account.
 */
function fnv1a(text: string): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  }
  return hash >>> 0;
}
