import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '#src/domain/commands.ts';
import { imbalances, type JournalTransaction } from '#src/domain/journal-transaction.ts';
import {
  EPOCH_MS,
  envelopeOf,
  flowHarness,
  openCommand,
  payCommand,
  transferCommand,
} from '#test/support/flow-harness.ts';
import type { FlowHarness } from '#test/support/flow-harness.ts';
import { ReferenceLedger } from '#test/support/reference-ledger.ts';

/** One step of a history: what the product is asked, and the same for the reference. */
interface Step {
  readonly command: Command;
  readonly afterMs: number;
  readonly reference: (ledger: ReferenceLedger) => void;
}

const ACCOUNTS = ['a', 'b', 'c', 'd'] as const;
const account = fc.constantFrom(...ACCOUNTS);
/** Few amounts, so that balances and limits are often met to the cent. */
const amount = fc.integer({ min: 1, max: 20 });
const paymentId = fc.integer({ min: 0, max: 14 }).map((index) => `p${index}`);

const opening = fc
  .record({ id: account, limit: fc.constantFrom(0, 0, 50, undefined) })
  .map(({ id, limit }) => ({
    command: openCommand(id, limit === 0 ? 'forbidden' : 'allowed', limit === 0 ? undefined : limit),
    reference: (ledger: ReferenceLedger) => ledger.open(id, limit === undefined ? undefined : BigInt(limit)),
  }));

const freezing = fc.record({ id: account, frozen: fc.boolean() }).map(({ id, frozen }) => ({
  command: {
    type: frozen ? ('FreezeAccount' as const) : ('UnfreezeAccount' as const),
    account: id,
    direction: 'both' as const,
    reason: 'test',
  },
  reference: (ledger: ReferenceLedger) => ledger.freeze(id, frozen),
}));

const closing = account.map((id) => ({
  command: { type: 'CloseAccount' as const, account: id, reason: 'test' },
  reference: (ledger: ReferenceLedger) => ledger.close(id),
}));

const transferring = fc
  .record({ id: fc.uuid(), debtor: account, creditor: account, amount: fc.integer({ min: 1, max: 30 }) })
  .filter(({ debtor, creditor }) => debtor !== creditor)
  .map(({ id, ...move }) => ({
    command: transferCommand(id, move),
    reference: (ledger: ReferenceLedger) => ledger.transfer(move.debtor, move.creditor, BigInt(move.amount)),
  }));

const paying = fc
  .record({ id: paymentId, debtor: account, creditor: account, amount, manual: fc.boolean() })
  .filter(({ debtor, creditor }) => debtor !== creditor)
  .map(({ manual, ...facts }) => ({
    command: payCommand({ ...facts, capture: manual ? 'manual' : 'automatic' }),
    reference: (ledger: ReferenceLedger) => {
      const { debtor, creditor } = facts;
      ledger.pay(facts.id, { debtor, creditor, amount: BigInt(facts.amount), manual });
    },
  }));

const capturing = fc
  .record({ id: paymentId, capture: fc.uuid(), amount, final: fc.boolean() })
  .map((each) => ({
    command: {
      type: 'CapturePayment' as const,
      paymentId: each.id,
      captureId: each.capture,
      amount: each.amount,
      final: each.final,
    },
    reference: (ledger: ReferenceLedger) => ledger.capture(each.id, BigInt(each.amount), each.final),
  }));

const voiding = paymentId.map((id) => ({
  command: { type: 'VoidPayment' as const, paymentId: id },
  reference: (ledger: ReferenceLedger) => ledger.void(id),
}));

const reviewing = fc.record({ id: paymentId, approve: fc.boolean() }).map(({ id, approve }) => ({
  command: {
    type: 'DecideReview' as const,
    paymentId: id,
    outcome: approve ? ('approve' as const) : ('deny' as const),
    reason: 'test',
  },
  reference: (ledger: ReferenceLedger) => ledger.review(id, approve),
}));

const reversing = fc
  .record({ id: paymentId, reversal: fc.uuid(), amount, kind: fc.constantFrom('refund', 'chargeback') })
  .map((each) => ({
    command: {
      type: 'ReversePayment' as const,
      paymentId: each.id,
      reversalId: each.reversal,
      amount: each.amount,
      kind: each.kind,
    },
    reference: (ledger: ReferenceLedger) => ledger[each.kind](each.id, BigInt(each.amount)),
  }));

const step: fc.Arbitrary<Step> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: opening },
      { weight: 1, arbitrary: freezing },
      { weight: 1, arbitrary: closing },
      { weight: 4, arbitrary: transferring },
      { weight: 24, arbitrary: paying },
      { weight: 4, arbitrary: capturing },
      { weight: 2, arbitrary: voiding },
      { weight: 3, arbitrary: reviewing },
      { weight: 4, arbitrary: reversing },
    ),
    fc.integer({ min: 0, max: 30_000 }),
  )
  .map(([{ command, reference }, afterMs]) => ({ command, reference, afterMs }));

/** An account of every kind, so that histories have something to work on. */
const OPENINGS: readonly Step[] = [
  { id: 'a', limit: undefined },
  { id: 'b', limit: 50 },
  { id: 'c', limit: 0 },
].map(({ id, limit }) => ({
  command: openCommand(id, limit === 0 ? 'forbidden' : 'allowed', limit === 0 ? undefined : limit),
  reference: (ledger) => ledger.open(id, limit === undefined ? undefined : BigInt(limit)),
  afterMs: 0,
}));

const history = fc
  .array(step, { minLength: 30, maxLength: 120, size: 'max' })
  .map((steps) => [...OPENINGS, ...steps]);

function envelopesOf(steps: readonly Step[]) {
  let time = EPOCH_MS;
  return steps.map(({ command, afterMs }) => envelopeOf(command, (time += afterMs)));
}

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
      fc.asyncProperty(history, async (steps) => {
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
        history,
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
      fc.asyncProperty(history, async (steps) => {
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
      fc.asyncProperty(history, async (steps) => {
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
