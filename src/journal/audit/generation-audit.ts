/** Whether a shard's accounts stand, at the beginning of its generation, where the ledger before it left them. */
import { isReserved } from '#src/domain/ledger/system-accounts.ts';
import type { CarriedBalance, GenerationBegan } from '#src/domain/saga-events.ts';
import type { AccountAudit } from './account-audit.ts';
import type { Report } from './report.ts';

export function checkGeneration(
  { ledgerId, balances }: GenerationBegan,
  accounts: AccountAudit,
  report: Report,
): void {
  const standing = balancesOf(accounts);
  const assets = new Set([...balances.map(({ asset }) => asset), ...standing.keys()]);
  for (const asset of assets) {
    const said = wordsOf(balances.find((each) => each.asset === asset));
    const found = wordsOf(standing.get(asset));
    if (said !== found) report(`${asset}: the ledger ${ledgerId} had ${said} here, and there are ${found}`);
  }
}

function balancesOf(accounts: AccountAudit): ReadonlyMap<string, CarriedBalance> {
  const sums = new Map<string, CarriedBalance>();
  for (const { id, asset, posted, heldDebits } of accounts.all()) {
    if (isReserved(id)) continue;
    const sum = sums.get(asset);
    sums.set(asset, {
      asset,
      accounts: (sum?.accounts ?? 0) + 1,
      posted: (sum?.posted ?? 0n) + posted,
      held: (sum?.held ?? 0n) + heldDebits,
    });
  }
  return sums;
}

function wordsOf(balance: CarriedBalance | undefined): string {
  const { accounts = 0, posted = 0n, held = 0n } = balance ?? {};
  return `${accounts} accounts with ${posted} and ${held} on hold`;
}
