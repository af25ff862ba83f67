import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from '#src/domain/account.ts';
import { settlementOf, type PaymentState } from '#src/domain/ledger/payment-state.ts';
import { inTransitAccount, isReserved } from '#src/domain/ledger/system-accounts.ts';
import { ClusterAuditor } from '#src/journal/audit/cluster-auditor.ts';
import { ClusterHarness } from '#test/support/cluster-harness.ts';
import { flowHarness, openCommand } from '#test/support/flow-harness.ts';
import { envelopesOf, ledgerHistory, type Step } from '#test/support/ledger-history.ts';

const SHARDS = 3;
const shard = fc.integer({ min: 0, max: SHARDS - 1 });

/** What happens between two commands: messages pass or come again, shards lose their memory. */
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), source: shard, target: shard }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('repeat' as const),
      source: shard,
      target: shard,
      which: fc.nat(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore' as const), index: shard }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const interleavings = fc.array(fc.array(happening, { maxLength: 4 }), { minLength: 5 });

async function meet(cluster: ClusterHarness, happens: Happening): Promise<void> {
  if (happens.kind === 'deliver') await cluster.deliver(happens);
  else if (happens.kind === 'repeat') await cluster.repeat(happens, happens.which);
  else await cluster.restore(happens.index);
}

function accountsOf(cluster: ClusterHarness, index: number): readonly Account[] {
  return [...cluster.shard(index).accounts.entries()].map(([, account]) => account);
}

function paymentsOf(cluster: ClusterHarness): readonly PaymentState[] {
  return indices().flatMap((index) => [...cluster.shard(index).payments.entries()].map(([, one]) => one));
}

function indices(): readonly number[] {
  return Array.from({ length: SHARDS }, (_, index) => index);
}

function sumOf(amounts: readonly (bigint | number)[]): bigint {
  return amounts.reduce<bigint>((sum, amount) => sum + BigInt(amount), 0n);
}

/** At any moment: no money is made or lost, and what is in transit is what the messages on their way say. */
function expectConserved(cluster: ClusterHarness): void {
  for (const index of indices())
    expect(sumOf(accountsOf(cluster, index).map(({ posted }) => posted))).toBe(0n);
  for (const from of indices()) {
    for (const to of indices()) {
      const id = inTransitAccount({ from, to, asset: 'EUR' });
      const stands = [from, to].map((index) => cluster.shard(index).accounts.get(id)?.posted ?? 0n);
      const there = cluster
        .outstanding(from, to)
        .map((message) =>
          message.type === 'CreditAccount' || message.type === 'DebitTaken' ? message.amount : 0,
        );
      const back = cluster
        .outstanding(to, from)
        .map((message) => (message.type === 'CreditReturned' ? message.amount : 0));
      if (from !== to) expect(sumOf(stands), id).toBe(sumOf([...there, ...back]));
    }
  }
}

/** Once nothing is on its way: nothing waits for another shard, and each id has one effect. */
function expectSettled(cluster: ClusterHarness): void {
  expectConserved(cluster);
  for (const index of indices())
    for (const { id, inTransit } of accountsOf(cluster, index)) expect(inTransit, id).toBe(0);
  const homes = new Map<string, number>();
  for (const payment of paymentsOf(cluster)) {
    expect(payment.pendingReversals).toEqual([]);
    expect(settlementOf(payment)).not.toBe('in_transit');
    if (payment.idConflict === undefined) homes.set(payment.id, (homes.get(payment.id) ?? 0) + 1);
    else expectUndone(payment);
  }
  for (const [id, count] of homes) expect(count, id).toBe(1);
}

function expectUndone({ status, captured, returned, reversed }: PaymentState): void {
  expect(status).not.toBe('pending');
  expect(captured - returned - reversed).toBe(0);
}

/** What the audit of all logs together finds. */
function auditOf(cluster: ClusterHarness): readonly string[] {
  const auditor = new ClusterAuditor(SHARDS);
  const found = indices().flatMap((index) =>
    cluster.rowsOf(index).flatMap((row) => auditor.inspect(index, row)),
  );
  return [...found, ...auditor.findingsAtEnd()];
}

const RUNS = { numRuns: 60, endOnFailure: true };

describe('a ledger in three shards', () => {
  test('keeps all money and settles everything, however messages interleave, repeat and shards restart', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, interleavings, fc.boolean(), async (steps, between, openOnFirstUse) => {
        const cluster = new ClusterHarness(SHARDS, { openOnFirstUse });
        for (const [at, { command, afterMs }] of steps.entries()) {
          cluster.now += afterMs;
          await cluster.route(command);
          for (const happens of between[at % between.length] ?? []) await meet(cluster, happens);
          if (at % 10 === 0) expectConserved(cluster);
        }
        expect(auditOf(cluster)).toEqual([]);
        await cluster.settle();
        expectSettled(cluster);
        expect(auditOf(cluster)).toEqual([]);
        const live = indices().map((index) => cluster.dumpOf(index));
        for (const index of indices()) await cluster.restore(index);
        expect(indices().map((index) => cluster.dumpOf(index))).toEqual(live);
      }),
      RUNS,
    );
  });

  test('stands, settled after each command, where a ledger in one shard stands', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, async (history) => {
        const steps = [{ ...openingOf('d'), afterMs: 0 }, ...history].filter(isAboutOpenAccounts);
        const cluster = new ClusterHarness(SHARDS);
        const alone = flowHarness();
        for (const envelope of envelopesOf(steps)) {
          cluster.now = envelope.receivedAt;
          await cluster.route(envelope.command);
          await cluster.settle();
          await alone.run([envelope]);
        }
        for (const [id, account] of alone.accounts.entries()) {
          if (isReserved(id)) continue;
          const { posted, heldDebits, receivable } = account;
          const there = indices()
            .map((index) => cluster.shard(index).accounts.get(id))
            .find(Boolean);
          expect(there).toMatchObject({ posted, heldDebits, receivable });
        }
        const payments = paymentsOf(cluster).filter(({ idConflict }) => idConflict === undefined);
        for (const payment of payments) {
          const { status, awaiting, captured, reversed } = payment;
          expect(alone.payments.get(payment.id)).toMatchObject({ status, awaiting, captured, reversed });
        }
        expect(payments).toHaveLength([...alone.payments.entries()].length);
      }),
      RUNS,
    );
  });

  test('gives the same events and messages however a shard’s commands are cut into batches', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(ledgerHistory, cuts, async (steps, sizes) => {
        const place = { index: 1, count: SHARDS };
        const envelopes = envelopesOf(steps);
        const oneByOne = flowHarness({ place, openOnFirstUse: true });
        for (const envelope of envelopes) await oneByOne.run([envelope]);
        const inBatches = flowHarness({ place, openOnFirstUse: true });
        for (let at = 0, cut = 0; at < envelopes.length; cut++) {
          const size = sizes[cut % sizes.length] ?? 1;
          await inBatches.run(envelopes.slice(at, at + size));
          at += size;
        }
        expect(inBatches.records).toEqual(oneByOne.records);
      }),
      RUNS,
    );
  });
});

function openingOf(id: string): Pick<Step, 'command' | 'reference'> {
  return { command: openCommand(id, 'forbidden'), reference: () => undefined };
}

/** What another shard's creditor may not take, this one finds out after the decision: left out here. */
function isAboutOpenAccounts({ command: { type } }: Step): boolean {
  return type !== 'FreezeAccount' && type !== 'CloseAccount';
}
