import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from '#src/domain/account.ts';
import { isReserved } from '#src/domain/ledger/system-accounts.ts';
import { shardOfAccount } from '#src/domain/shard-place.ts';
import { flowHarness, type FlowHarness } from '#test/support/flow-harness.ts';
import { envelopesOf, ledgerHistory, type Step } from '#test/support/ledger-history.ts';
import { auditOf, retell, rowsOf, type RetoldLedger } from '#test/support/retold-ledger.ts';

const shardCount = fc.integer({ min: 1, max: 4 });
const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });

async function decided(
  steps: readonly Step[],
  sizes: readonly number[],
  openOnFirstUse: boolean,
): Promise<FlowHarness> {
  const alone = flowHarness({ openOnFirstUse });
  const envelopes = envelopesOf(steps);
  for (let at = 0, cut = 0; at < envelopes.length; cut++) {
    const size = sizes[cut % sizes.length] ?? 1;
    await alone.run(envelopes.slice(at, at + size));
    at += size;
  }
  return alone;
}

/** What stands in all shards together under each name of the ledger's own accounts. */
function reservedSums({ states }: RetoldLedger): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { accounts } of states)
    for (const [id, { posted }] of accounts.entries())
      if (isReserved(id)) sums.set(id, (sums.get(id) ?? 0n) + posted);
  return sums;
}

/** What a shard does not know of a hold for an account of its own is left out. */
function carriedOf(account: Account): Partial<Account> {
  const { heldCredits: _, inTransit: __, openHolds: ___, ...carried } = account;
  return carried;
}

function expectSameAccounts(alone: FlowHarness, retold: RetoldLedger): void {
  const reserved = reservedSums(retold);
  for (const [id, account] of alone.accounts.entries()) {
    if (isReserved(id)) {
      expect(reserved.get(id) ?? 0n, id).toBe(account.posted);
      continue;
    }
    const there = retold.states[shardOfAccount(id, retold.states.length)]?.accounts.get(id);
    expect(there && carriedOf(there), id).toEqual(carriedOf(account));
    expect(there?.inTransit, id).toBe(0);
  }
  for (const [id, posted] of reserved) if (!alone.accounts.get(id)) expect(posted, id).toBe(0n);
}

function expectSamePayments(alone: FlowHarness, retold: RetoldLedger): void {
  const count = retold.states.length;
  let known = 0;
  for (const { payments } of retold.states) known += [...payments.entries()].length;
  expect(known).toBe([...alone.payments.entries()].length);
  for (const [id, payment] of alone.payments.entries()) {
    const { receivedIn: _, hold, version: __, creditorShard: ___, ...same } = payment;
    const there = retold.states[shardOfAccount(payment.debtor, count)]?.payments.get(id);
    expect(there, id).toMatchObject(same);
    expect(there?.hold === undefined, id).toBe(hold === undefined);
  }
}

const RUNS = { numRuns: 50, endOnFailure: true };

describe('a ledger told to the shards of a new one', () => {
  test('stands where it stood, account by account and payment by payment, and every rule holds', async () => {
    const cases = fc.record({ steps: ledgerHistory, sizes: cuts, shards: shardCount, opens: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(cases, async ({ steps, sizes, shards, opens }) => {
        const alone = await decided(steps, sizes, opens);
        const retold = retell(rowsOf(alone), alone, shards);
        expect(auditOf(retold)).toEqual([]);
        expectSameAccounts(alone, retold);
        expectSamePayments(alone, retold);
      }),
      RUNS,
    );
  });

  test('gives the same rows however the old log was cut, but for the last, which names that log', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, cuts, async (steps, sizes) => {
        const inBatches = await decided(steps, sizes, true);
        const oneByOne = await decided(steps, [1], true);
        const [some, others] = [inBatches, oneByOne].map((alone) => retell(rowsOf(alone), alone, 3).rows);
        expect(some?.map((rows) => rows.slice(0, -1))).toEqual(others?.map((rows) => rows.slice(0, -1)));
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
});
