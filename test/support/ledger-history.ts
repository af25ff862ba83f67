/**
 * Random histories of a ledger over a few accounts, payments and small amounts, so that limits, repeats
 * and refusals are met often; each step also says what it means to the reference ledger.
 */
import fc from 'fast-check';
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import {
  EPOCH_MS,
  envelopeOf,
  openCommand,
  payCommand,
  transferCommand,
} from '#test/support/flow-harness.ts';
import type { ReferenceLedger } from '#test/support/reference-ledger.ts';

/** One step of a history: what the product is asked, and the same for the reference. */
export interface Step {
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

/** A history of 30 to 120 commands after the opening of three accounts. */
export const ledgerHistory: fc.Arbitrary<readonly Step[]> = fc
  .array(step, { minLength: 30, maxLength: 120, size: 'max' })
  .map((steps) => [...OPENINGS, ...steps]);

/** The commands as they arrive, each at its time. */
export function envelopesOf(steps: readonly Step[]): CommandEnvelope[] {
  let time = EPOCH_MS;
  return steps.map(({ command, afterMs }) => envelopeOf(command, (time += afterMs)));
}
