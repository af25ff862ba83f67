import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imbalances, type JournalTransaction } from '#src/domain/journal-transaction.ts';
import { flowHarness } from '#test/support/flow-harness.ts';
import type { FlowHarness } from '#test/support/flow-harness.ts';
import { envelopesOf, ledgerHistory } from '#test/support/ledger-history.ts';
import { ReferenceLedger } from '#test/support/reference-ledger.ts';

function balancesOf(harness: FlowHarness) {
  return [...harness.accounts.entries()]
    .map(([id, { posted, heldDebits, heldCredits }]) => [id, posted, heldDebits, heldCredits] as const)
    .toSorted(([a], [b]) => a.localeCompare(b));
}

function transactionsOf(harness: FlowHarness): JournalTransaction[] {
  return harness.records.flatMap(({ events }) =>
    events.flatMap((event) => ('transaction' in event ? event.transaction : [])),
  );
}

describe('the ledger under random histories', () => {
  test('keeps the balances, holds and statuses of the reference ledger', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, async (steps) => {
        const harness = flowHarness();
        const reference = new ReferenceLedger();
        await harness.run(envelopesOf(steps));
        for (const { reference: apply } of steps) apply(reference);
        const expected = [...reference.accounts]
          .map(([id, { posted, heldDebits, heldCredits }]) => [id, posted, heldDebits, heldCredits] as const)
          .toSorted(([a], [b]) => a.localeCompare(b));
        expect(balancesOf(harness)).toEqual(expected);
        for (const [id, { status, awaiting, captured, reversed }] of reference.payments) {
          expect(harness.payments.get(id)).toMatchObject({
            status,
            awaiting,
            captured: Number(captured),
            reversed: Number(reversed),
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('gives the same events however the commands are cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        ledgerHistory,
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
        async (steps, cuts) => {
          const envelopes = envelopesOf(steps);
          const oneByOne = flowHarness();
          for (const envelope of envelopes) await oneByOne.run([envelope]);
          const inBatches = flowHarness();
          for (let at = 0, cut = 0; at < envelopes.length; cut++) {
            const size = cuts[cut % cuts.length] ?? 1;
            await inBatches.run(envelopes.slice(at, at + size));
            at += size;
          }
          expect(inBatches.records).toEqual(oneByOne.records);
          expect(balancesOf(inBatches)).toEqual(balancesOf(oneByOne));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('posts only transactions that balance and that name what let them in', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, async (steps) => {
        const harness = flowHarness();
        await harness.run(envelopesOf(steps));
        for (const { postings, approval } of transactionsOf(harness)) {
          expect(imbalances(postings).size).toBe(0);
          expect(postings.length).toBeGreaterThanOrEqual(2);
          expect(approval.ref).not.toBe('');
        }
        const total = balancesOf(harness).reduce((sum, [, posted]) => sum + posted, 0n);
        expect(total).toBe(0n);
      }),
      { numRuns: 100 },
    );
  });

  test('lets no account that may not overdraw go below zero, holds included', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, async (steps) => {
        const harness = flowHarness();
        for (const envelope of envelopesOf(steps)) {
          await harness.run([envelope]);
          for (const [, { overdraft, posted, heldDebits }] of harness.accounts.entries()) {
            if (overdraft === 'forbidden') expect(posted - heldDebits).toBeGreaterThanOrEqual(0n);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
