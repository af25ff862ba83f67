/** What features take from the ledger and from the clocks, as it stands before a payment. */
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import type { PaymentFacts } from '#src/domain/payment.ts';
import type { LedgerFacts } from '#src/ports/feature-stage.ts';

/** What is later than this behind the stream's newest feature time counts at that mark (F4). */
export const LATENESS_MAX_MS: number = 24 * 3_600_000;

export function featureTimeOf(occurredAt: number, receivedAt: number, newestFeatureTime: number): number {
  return Math.max(Math.min(occurredAt, receivedAt), newestFeatureTime - LATENESS_MAX_MS);
}

export function ledgerFacts({ accounts }: LedgerState, { debtor }: PaymentFacts): LedgerFacts {
  const from = accounts.get(debtor);
  return {
    debtorKnown: from !== undefined,
    debtorPosted: Number(from?.posted ?? 0n),
    debtorHeld: Number(from?.heldDebits ?? 0n),
    debtorOpenHolds: from?.openHolds ?? 0,
    debtorOverdraftLimit: from?.overdraftLimit,
    debtorOpenedAt: from?.openedAt,
  };
}
