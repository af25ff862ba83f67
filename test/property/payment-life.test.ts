import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { accountState, paymentState } from '#src/domain/encoding/state-codec.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import { evolve } from '#src/domain/ledger/evolve.ts';
import { EPOCH_MS, envelopeOf, flowHarness, memoryLedger } from '#test/support/flow-harness.ts';
import type { FlowHarness } from '#test/support/flow-harness.ts';
import { envelopesOf, ledgerHistory } from '#test/support/ledger-history.ts';

/** Past every deadline that a policy sets. */
const MUCH_LATER = EPOCH_MS + 60 * 24 * 3_600_000;

function eventsOf(harness: FlowHarness): LedgerEvent[] {
  return harness.records.flatMap(({ events }) => events);
}

/** The payment that the event ends. */
function endedBy(event: LedgerEvent): string[] {
  switch (event.type) {
    case 'PaymentPosted':
    case 'PaymentRecorded':
    case 'PaymentDenied':
    case 'PaymentVoided':
    case 'PaymentExpired':
    case 'PaymentRejected':
      return [event.paymentId];
    case 'PaymentCaptured':
      return event.final ? [event.paymentId] : [];
    default:
      return [];
  }
}

/** Accounts and payments as they are stored. */
function bytesOf({ accounts, payments }: Pick<FlowHarness, 'accounts' | 'payments'>): Uint8Array {
  const writer = new ByteWriter();
  for (const [, account] of accounts.entries()) accountState.write(writer, account);
  for (const [, payment] of payments.entries()) paymentState.write(writer, payment);
  return writer.toBytes();
}

async function after(envelopes: readonly CommandEnvelope[]): Promise<FlowHarness> {
  const harness = flowHarness();
  await harness.run(envelopes);
  return harness;
}

describe('a payment under random histories', () => {
  test('ends once at most, and until then says what it waits for and how long', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, async (steps) => {
        const harness = await after(envelopesOf(steps));
        const ends = eventsOf(harness).flatMap((event) => endedBy(event));
        expect(ends).toHaveLength(new Set(ends).size);
        for (const [id, { status, awaiting, until }] of harness.payments.entries()) {
          expect(ends.includes(id), id).toBe(status !== 'pending');
          if (status === 'pending') expect(awaiting).not.toBe('decision');
          if (status === 'pending') expect(until).toBeGreaterThan(EPOCH_MS);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('is never stuck: after its deadline an expiry ends it and frees what it held', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, async (steps) => {
        const harness = await after(envelopesOf(steps));
        const expiries = [...harness.payments.entries()].map(([paymentId]) =>
          envelopeOf({ type: 'ExpirePayment', paymentId }, MUCH_LATER),
        );
        await harness.run(expiries);
        for (const [, payment] of harness.payments.entries()) expect(payment.status).not.toBe('pending');
        for (const [, account] of harness.accounts.entries()) {
          expect(account).toMatchObject({ heldDebits: 0n, heldCredits: 0n, openHolds: 0 });
        }
      }),
      { numRuns: 100 },
    );
  });

  test('has one effect: sent again it does nothing, and its id takes no other content', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, async (steps) => {
        const envelopes = envelopesOf(steps);
        const harness = await after(envelopes);
        const before = harness.records.length;
        const first = new Map<string, CommandEnvelope>();
        for (const envelope of envelopes) {
          if (envelope.command.type !== 'Pay') continue;
          const { id } = envelope.command.facts;
          if (!first.has(id)) first.set(id, envelope);
        }
        const others = [...first.values()].map(({ command }): CommandEnvelope =>
          envelopeOf({ ...command, bodyDigest: Uint8Array.of(1) } as typeof command, MUCH_LATER),
        );
        await harness.run([...first.values()].map(({ command }) => envelopeOf(command, MUCH_LATER)));
        const answers = await harness.run(others);
        for (const answer of answers) expect(answer).toMatchObject({ refusal: 'id_taken' });
        expect(harness.records).toHaveLength(before);
      }),
      { numRuns: 100 },
    );
  });

  test('that was posted is always charged back, whatever became of its accounts', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, async (steps) => {
        const harness = await after(envelopesOf(steps));
        const posted = [...harness.payments.entries()].filter(([, each]) => each.captured > each.reversed);
        for (const [paymentId, { creditor }] of posted) {
          const command = {
            type: 'ReversePayment',
            paymentId,
            reversalId: 'cb',
            kind: 'chargeback',
          } as const;
          await harness.run([envelopeOf(command, MUCH_LATER)]);
          const [fact] = eventsOf(harness).slice(-1);
          expect(fact).toMatchObject({
            type: 'PaymentReversed',
            paymentId,
            transaction: { approval: { kind: 'external_fact', ref: 'cb' } },
          });
          const account = harness.accounts.get(creditor);
          if (account?.overdraft === 'forbidden') expect(account.posted).toBeGreaterThanOrEqual(0n);
        }
        for (const [, { captured, reversed }] of harness.payments.entries()) expect(reversed).toBe(captured);
      }),
      { numRuns: 100 },
    );
  });

  test('stands where the events say: applied to nothing they give the same state, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(ledgerHistory, async (steps) => {
        const harness = await after(envelopesOf(steps));
        const rebuilt = memoryLedger();
        for (const [at, { events, shardTime }] of harness.records.entries()) {
          const position = harness.positions[at] ?? 0;
          const context = { shardTime, position, entityKeys: new Uint8Array() };
          for (const event of events) evolve(rebuilt, event, context);
        }
        expect(bytesOf(rebuilt)).toEqual(bytesOf(harness));
      }),
      { numRuns: 100 },
    );
  });
});
