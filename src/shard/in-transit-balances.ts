/** The money between this shard and the others, for metrics. */
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import { inTransitWay } from '#src/domain/ledger/system-accounts.ts';
import type { InTransitBalance } from '#src/ports/shard-report.ts';

/** How every account in transit stands in this shard. */
export function inTransitBalances({ counters, accounts }: LedgerState): readonly InTransitBalance[] {
  return counters.inTransit.flatMap((id) => {
    const way = inTransitWay(id);
    return way ? { ...way, amountMinor: Number(accounts.get(id)?.posted ?? 0n) } : [];
  });
}
