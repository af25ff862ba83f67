/** A ledger in memory with its read models, small enough that every test seals several segments. */
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import { ProjectionReader, type ProjectionReaderSettings } from '#src/projections/projection-reader.ts';
import { Projection } from '#src/projections/projection.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { FlowLog } from '#test/support/flow-log.ts';

export const SEGMENT_RECORDS_IN_TESTS = 3;
export const NOW = { seen: [] };
export const PAGE = { seen: [], limit: 100 };

export interface ProjectedLedger {
  readonly ledger: FlowLog;
  readonly store: StateStore;
  readonly projection: Projection;
  readonly reader: ProjectionReader;
  readonly queries: LedgerQueries;
  /** Brings the read models to the head of the log. */
  follow(): Promise<void>;
}

export interface ProjectedLedgerParts {
  readonly ledger?: FlowLog;
  readonly store?: StateStore;
  readonly segmentRecords?: number;
  readonly onRebuild?: (reason: string) => void;
  /** No time passes in tests unless it is said to. */
  readonly after?: ProjectionReaderSettings['after'];
}

export async function projectedLedger(parts: ProjectedLedgerParts = {}): Promise<ProjectedLedger> {
  const ledger = parts.ledger ?? (await FlowLog.open());
  const store = parts.store ?? createMemoryStateStore();
  const projection = await Projection.open({
    store,
    log: ledger.log,
    seedIfNew: { high: 1, low: 2 },
    segmentRecords: parts.segmentRecords ?? SEGMENT_RECORDS_IN_TESTS,
    ...(parts.onRebuild ? { onRebuild: parts.onRebuild } : {}),
  });
  const reader = new ProjectionReader({
    projection,
    log: ledger.log,
    waitMs: 1_000,
    after: parts.after ?? never,
  });
  const follow = async () => reader.advance((await ledger.log.head()).position);
  await follow();
  return { ledger, store, projection, reader, queries: reader.queries(), follow };
}

function never(): () => void {
  return () => undefined;
}

/** Everything that the read models say, in one value that can be compared. */
export async function everythingRead({ ledger, queries }: ProjectedLedger): Promise<object> {
  const accounts = new Set<string>();
  const payments: string[] = [];
  for (const event of ledger.flow.records.flatMap(({ events }) => events)) {
    if (event.type === 'AccountOpened') accounts.add(event.account);
    if (event.type === 'PaymentReceived') payments.push(event.facts.id);
  }
  const read = async (id: string) => [
    await queries.account(id, NOW),
    await queries.accountEntries(id, PAGE),
    await queries.entity({ kind: 'account', id }, NOW),
    await queries.searchPayments({ ...PAGE, account: id }),
  ];
  return {
    accounts: await Promise.all([...accounts].map(read)),
    payments: await Promise.all(payments.map((id) => queries.payment(id, NOW))),
    pending: await queries.searchPayments({ ...PAGE, status: 'pending' }),
    lists: await queries.listEntries('block', PAGE),
    journal: await queries.journal(PAGE),
  };
}
