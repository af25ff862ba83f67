/** One balanced set of postings (L1), with the approval that let it into the journal (L2). */

export const APPROVAL_KINDS = ['policy', 'reviewer', 'operator', 'external_fact', 'saga'] as const;

export interface Approval {
  readonly kind: (typeof APPROVAL_KINDS)[number];
  /** What vouches for it: the policy's version and decision, a token, a report of the outside. */
  readonly ref: string;
}

export interface Posting {
  readonly account: string;
  readonly asset: string;
  /** Minor units; a credit is positive, a debit negative. Never zero. */
  readonly amount: bigint;
  /** The account's posted balance after this posting. */
  readonly balance: bigint;
}

export interface JournalTransaction {
  /** Counts from 1 within its shard. */
  readonly id: number;
  readonly approval: Approval;
  readonly postings: readonly Posting[];
}

/** Whether the postings add up to zero in each asset (L1). */
export function isBalanced(postings: readonly Posting[]): boolean {
  const [first] = postings;
  if (!first || !postings.every(({ asset }) => asset === first.asset)) return imbalances(postings).size === 0;
  let sum = 0n;
  for (const { amount } of postings) sum += amount;
  return sum === 0n;
}

/** The sums per asset that are not zero; empty for a transaction that balances. */
export function imbalances(postings: readonly Posting[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { asset, amount } of postings) sums.set(asset, (sums.get(asset) ?? 0n) + amount);
  for (const [asset, sum] of sums) if (sum === 0n) sums.delete(asset);
  return sums;
}
