/** Writes what the ledger knows of the debtor before the payment. */
import { NO_HISTORY } from '#src/domain/feature-value.ts';
import { featureIndex } from '#src/features/feature-catalogue.ts';
import { DAY_MS } from '#src/features/feature-window.ts';
import type { LedgerFacts, VectorRow } from '#src/ports/feature-stage.ts';

const AVAILABLE = featureIndex('debtor_available');
const DRAINED = featureIndex('debtor_share_drained');
const HELD = featureIndex('debtor_share_held');
const OPEN_HOLDS = featureIndex('debtor_open_holds');
const OVERDRAFT_USED = featureIndex('debtor_overdraft_used');
const ACCOUNT_AGE = featureIndex('debtor_account_age');

export interface LedgerMoment {
  /** Minor units of the payment's asset. */
  readonly amount: number;
  readonly shardTime: number;
}

export function writeLedger(
  facts: LedgerFacts,
  { amount, shardTime }: LedgerMoment,
  { values, offset }: VectorRow,
): void {
  values[offset + ACCOUNT_AGE] = ageInDays(facts.debtorOpenedAt, shardTime);
  if (!facts.debtorKnown) {
    for (const feature of [AVAILABLE, DRAINED, HELD, OPEN_HOLDS, OVERDRAFT_USED])
      values[offset + feature] = NO_HISTORY;
    return;
  }
  const { debtorPosted: posted, debtorHeld: held, debtorOverdraftLimit: limit } = facts;
  const free = posted - held;
  const available = free + (limit ?? 0);
  values[offset + AVAILABLE] = available;
  values[offset + DRAINED] = available > 0 ? amount / available : NO_HISTORY;
  values[offset + HELD] = posted > 0 ? held / posted : NO_HISTORY;
  values[offset + OPEN_HOLDS] = facts.debtorOpenHolds;
  values[offset + OVERDRAFT_USED] =
    limit === undefined || limit === 0 ? NO_HISTORY : Math.max(0, amount - free) / limit;
}

function ageInDays(openedAt: number | undefined, now: number): number {
  return openedAt === undefined ? NO_HISTORY : Math.max(0, now - openedAt) / DAY_MS;
}
