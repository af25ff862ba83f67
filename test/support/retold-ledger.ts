/** A ledger of one process in memory, told to the shards of a new one that are in memory too. */
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import { encodePersonalParts, encodeRow } from '#src/domain/encoding/row-codec.ts';
import { ClusterAuditor } from '#src/journal/audit/cluster-auditor.ts';
import { sealRow } from '#src/journal/hash-chain.ts';
import { EMPTY_HEAD, type LogHead, type LogRow } from '#src/ports/event-log.ts';
import { carriedBalances } from '#src/cluster/retelling/carried-balances.ts';
import { LedgerRetelling } from '#src/cluster/retelling/ledger-retelling.ts';
import { memoryLedger, type FlowHarness } from '#test/support/flow-harness.ts';

export const OLD_LEDGER = { ledgerId: 'old', shard: 0 };

export interface RetoldLedger {
  readonly states: readonly ReturnType<typeof memoryLedger>[];
  readonly rows: readonly (readonly LogRow[])[];
}

/** The harness's log as it would be on disk. */
export function rowsOf({ results }: Pick<FlowHarness, 'results'>): readonly LogRow[] {
  let head: LogHead = EMPTY_HEAD;
  return results.map(({ records, personal }) => {
    const body = encodeRow(records);
    const row = sealRow({ identity: OLD_LEDGER, head, body, personal: encodePersonalParts(personal) });
    head = row;
    return row;
  });
}

export function retell(rows: readonly LogRow[], old: LedgerAccounts, shards: number): RetoldLedger {
  const states = Array.from({ length: shards }, () => memoryLedger());
  const told = states.map((): LogRow[] => []);
  const retelling = new LedgerRetelling({
    ledgerId: 'new',
    states: states satisfies readonly LedgerState[],
    onRow: (shard, row) => told[shard]?.push(row),
  });
  for (const row of rows) retelling.tell(row);
  const accounts = [...old.accounts.entries()].map(([, account]) => account);
  const { ledgerId } = OLD_LEDGER;
  retelling.finish({
    ledgerId,
    head: rows.at(-1) ?? EMPTY_HEAD,
    balances: carriedBalances(accounts, shards),
  });
  return { states, rows: told };
}

type LedgerAccounts = Pick<FlowHarness, 'accounts'>;

/** What an audit of all shards together finds. */
export function auditOf({ rows }: Pick<RetoldLedger, 'rows'>): readonly string[] {
  const auditor = new ClusterAuditor(rows.length);
  const found = rows.flatMap((each, shard) => each.flatMap((row) => auditor.inspect(shard, row)));
  return [...found, ...auditor.findingsAtEnd()];
}
