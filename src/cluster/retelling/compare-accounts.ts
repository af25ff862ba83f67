/** Whether every account stands in the shards where the ledger before them left it. */
import type { Account } from '#src/domain/account.ts';
import { isReserved } from '#src/domain/ledger/system-accounts.ts';

type Standing = Pick<
  Account,
  'id' | 'status' | 'posted' | 'heldDebits' | 'debitsFrozen' | 'creditsFrozen' | 'receivable'
>;

/** What differs, in words. The ledger's own accounts are in every shard: their sum counts. */
export function differingAccounts(
  before: Iterable<Readonly<Standing>>,
  after: Iterable<Readonly<Standing>>,
): readonly string[] {
  const left = new Map<string, string>();
  const own = new Map<string, bigint>();
  for (const account of before) {
    const { id, posted } = account;
    if (isReserved(id)) own.set(id, (own.get(id) ?? 0n) + posted);
    else left.set(id, wordsOf(account));
  }
  const differing: string[] = [];
  for (const account of after) {
    const { id, posted } = account;
    if (isReserved(id)) {
      own.set(id, (own.get(id) ?? 0n) - posted);
      continue;
    }
    const [found, expected] = [wordsOf(account), left.get(id)];
    left.delete(id);
    if (found !== expected) differing.push(`account ${id} was ${expected ?? 'not there'} and is ${found}`);
  }
  for (const id of left.keys()) differing.push(`account ${id} is not there`);
  for (const [id, difference] of own)
    if (difference !== 0n) differing.push(`${id} differs by ${difference} in all shards together`);
  return differing;
}

function wordsOf({ status, posted, heldDebits, debitsFrozen, creditsFrozen, receivable }: Standing): string {
  const frozen = `${debitsFrozen ? ' without debits' : ''}${creditsFrozen ? ' without credits' : ''}`;
  return `${status}${frozen} at ${posted}, ${heldDebits} on hold, ${receivable} owed`;
}
