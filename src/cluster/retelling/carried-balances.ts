/** What a ledger in one process says of its accounts, by the shard that each belongs to in the next one. */
import type { Account } from '#src/domain/account.ts';
import { isReserved } from '#src/domain/ledger/system-accounts.ts';
import type { CarriedBalance } from '#src/domain/saga-events.ts';
import { shardOfAccount } from '#src/domain/shard-place.ts';

export type CarriedAccount = Pick<Account, 'id' | 'asset' | 'posted' | 'heldDebits'>;

/** By the index of the shard, assets in the order of their names. The ledger's own accounts are in every shard and not counted. */
export function carriedBalances(
  accounts: Iterable<CarriedAccount>,
  shards: number,
): readonly (readonly CarriedBalance[])[] {
  const sums = Array.from({ length: shards }, () => new Map<string, CarriedBalance>());
  for (const { id, asset, posted, heldDebits } of accounts) {
    if (isReserved(id)) continue;
    const ofShard = sums[shardOfAccount(id, shards)];
    const before = ofShard?.get(asset) ?? { asset, accounts: 0, posted: 0n, held: 0n };
    ofShard?.set(asset, {
      asset,
      accounts: before.accounts + 1,
      posted: before.posted + posted,
      held: before.held + heldDebits,
    });
  }
  return sums.map((ofShard) => [...ofShard.values()].toSorted((a, b) => (a.asset < b.asset ? -1 : 1)));
}
