import { beforeAll, describe, expect, it } from 'vitest';
import { clusterQueries } from '#src/cluster/cluster-queries.ts';
import { shardOfAccount } from '#src/domain/shard-place.ts';
import { CursorInvalidError, type LedgerQueries } from '#src/ports/ledger-queries.ts';
import { at, FlowLog, minute } from '#test/support/flow-log.ts';
import { payOf } from '#test/support/flow-setup.ts';
import { NOW, PAGE, projectedLedger } from '#test/support/projected-ledger.ts';

const SHARDS = 2;
const CUSTOMERS = ['customer:1', 'customer:2', 'customer:3', 'customer:4'];
const PAYMENTS = 8;

/** Payments of four customers, one a minute, each in its debtor's shard. */
async function openShards(): Promise<readonly LedgerQueries[]> {
  const ledgers = await Promise.all(Array.from({ length: SHARDS }, () => FlowLog.open()));
  for (let n = 0; n < PAYMENTS; n++) {
    const debtor = CUSTOMERS[n % CUSTOMERS.length] ?? '';
    const pay = payOf(
      { id: `p${n}`, debtor, creditor: 'merchant:1', occurredAt: minute(n) },
      { cardId: 'c' },
    );
    await ledgers[shardOfAccount(debtor, SHARDS)]?.run(at(minute(n), pay));
  }
  const projected = await Promise.all(ledgers.map((ledger) => projectedLedger({ ledger })));
  return projected.map(({ queries }) => queries);
}

describe('reads over several shards', () => {
  let shards: readonly LedgerQueries[];
  let queries: LedgerQueries;
  beforeAll(async () => {
    shards = await openShards();
    queries = clusterQueries(shards);
  });

  it('find a payment wherever it is, and none that is nowhere', async () => {
    for (let n = 0; n < PAYMENTS; n++) expect((await queries.payment(`p${n}`, NOW))?.facts.id).toBe(`p${n}`);
    expect(await queries.payment('p9', NOW)).toBeUndefined();
  });

  it('list payments newest first across shards, in pages', async () => {
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await queries.searchPayments({
        seen: [],
        limit: 3,
        ...(after === undefined ? {} : { after }),
      });
      found.push(...page.items.map(({ facts }) => facts.id));
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual(['p7', 'p6', 'p5', 'p4', 'p3', 'p2', 'p1', 'p0']);
  });

  it("ask an account's shard alone for its payments", async () => {
    const { items } = await queries.searchPayments({ ...PAGE, account: 'customer:2' });
    expect(items.map(({ facts }) => facts.id)).toEqual(['p5', 'p1']);
  });

  it('read an account and its entries in its shard', async () => {
    for (const customer of CUSTOMERS) {
      const entries = await queries.accountEntries(customer, PAGE);
      expect(entries?.items).toHaveLength(PAYMENTS / CUSTOMERS.length);
      const account = await queries.account(customer, NOW);
      expect(account?.posted).toBe(entries?.items.at(-1)?.balance);
    }
  });

  it('know of a card what all shards know together', async () => {
    const card = await queries.entity({ kind: 'card', id: 'c' }, NOW);
    expect(card).toMatchObject({
      payments: PAYMENTS,
      firstSeenAt: minute(0),
      lastSeenAt: minute(PAYMENTS - 1),
    });
    expect(card?.links).toContainEqual({ kind: 'creditor', id: 'merchant:1', payments: PAYMENTS });
    expect(card?.windows?.counts['30d']?.attempts).toBe(PAYMENTS);
    expect(card?.windows?.counts['30d']).not.toHaveProperty('distinct');
  });

  it('follow the journal of all shards in order of time, from the cursor behind any item', async () => {
    const whole = await queries.journal(PAGE);
    expect(whole.items).toHaveLength(PAYMENTS);
    const times = whole.items.map(({ at: time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const after = whole.cursors[2] ?? '';
    expect((await queries.journal({ ...PAGE, after })).items).toEqual(whole.items.slice(3));
    expect((await queries.journal({ ...PAGE, after: whole.next })).items).toEqual([]);
  });

  it('refuse a cursor of a ledger with another number of shards', async () => {
    await expect(queries.searchPayments({ ...PAGE, after: 'payments.4' })).rejects.toThrow(
      CursorInvalidError,
    );
  });

  it('stand where all shards together stand', () => {
    expect(queries.position()).toBe(shards.reduce((sum, shard) => sum + shard.position(), 0));
  });
});
