import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command, Pay } from '#src/domain/commands.ts';
import { decodePersonalParts } from '#src/domain/encoding/row-codec.ts';
import type { ErasedPart } from '#src/domain/events.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import { sealPersonal } from '#src/ingest/seal-personal.ts';
import { digestOf, payCommand } from '#test/support/flow-harness.ts';
import { dumpOf } from '#test/support/shard-dump.ts';
import { ShardHarness } from '#test/support/shard-harness.ts';

const keyer = createEntityKeyer({ key: new Uint8Array(16).fill(7) });

function pay(id: string, cardId: string): Pay {
  const command = payCommand({ id, debtor: 'customer:1', creditor: 'shop', amount: 10 });
  const personal = { cardId, device: { id: 'd_1' }, ip: '203.0.113.7' };
  return {
    ...command,
    personal: sealPersonal({ payment: personal }, () => new Uint8Array(16)),
    entityKeys: keyer.ofPayment({ facts: command.facts, personal }),
  };
}

async function started(harness = new ShardHarness()): Promise<ShardHarness> {
  harness.histories = { ...harness.histories, keyer };
  harness.checkpointEveryCommands = 5;
  await harness.start();
  return harness;
}

/** Where the personal part of each payment stands, or stood. */
function partsOf(harness: ShardHarness): ErasedPart[] {
  const erased = new Set<string>();
  const parts = harness.log.rows.flatMap(({ position }, row) => {
    const records = harness.recordsOf(row);
    return records.flatMap(({ events }, record) =>
      events.flatMap((event): ErasedPart[] => {
        if (event.type === 'PersonalDataErased')
          for (const part of event.parts) erased.add(part.paymentId ?? '');
        return event.type === 'PaymentReceived' ? [{ position, record, paymentId: event.facts.id }] : [];
      }),
    );
  });
  return parts.filter(({ paymentId = '' }) => !erased.has(paymentId));
}

function personalLeft({ log }: ShardHarness): number {
  return log.rows.reduce((sum, { personal }) => sum + decodePersonalParts(personal).size, 0);
}

function erasure(parts: readonly ErasedPart[]): Command {
  return { type: 'RecordErasure', reason: 'asked', parts };
}

const dump = (harness: ShardHarness) => dumpOf(harness.resources.state, harness.records());

/** The log of a shard applied to nothing. */
async function replayed(harness: ShardHarness): Promise<ReadonlyMap<string, string>> {
  const replay = new ShardHarness();
  replay.now = harness.now;
  replay.log.identity = harness.log.identity;
  replay.log.rows.push(...harness.log.rows);
  await started(replay);
  const state = dump(replay);
  await replay.stop();
  return state;
}

describe('an erasure that the shard records', () => {
  test('takes the parts out of the log before it is answered, and their entities out of the state', async () => {
    const harness = await started();
    await harness.submit(pay('p1', 'c_1'), pay('p2', 'c_2'));
    const [first] = partsOf(harness);
    await harness.submit(erasure(first ? [first] : []));
    expect(personalLeft(harness)).toBe(1);
    const { payments } = harness.resources.state.ledger;
    const { facts } = pay('p1', 'c_1');
    expect(payments.get('p1')?.entityKeys).toEqual(keyer.ofPayment({ facts, personal: {} }));
    expect(payments.get('p2')?.entityKeys).toEqual(pay('p2', 'c_2').entityKeys);
    await harness.stop();
  });

  test('whose commit was in doubt is carried out when the log is opened again', async () => {
    const harness = await started();
    await harness.submit(pay('p1', 'c_1'));
    const command = erasure(partsOf(harness));
    harness.log.nextCommitFault = 'kept';
    expect(await harness.submit(command)).toMatchObject([{ type: 'unavailable' }]);
    await harness.ready();
    expect(personalLeft(harness)).toBe(0);
    await harness.stop();
  });

  test('leaves the same state live, after a restart and after a replay, whatever came between', async () => {
    const step = fc.record({
      does: fc.constantFrom('pay', 'erase', 'label', 'reverse', 'restart'),
      at: fc.nat({ max: 5 }),
    });
    const property = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
      const harness = await started();
      for (const [number, { does, at }] of steps.entries()) {
        if (does === 'restart') {
          await harness.stop();
          await harness.start();
          continue;
        }
        const command = commandFor(harness, { does, at, number });
        if (command) await harness.submit(command);
      }
      const live = dump(harness);
      await harness.stop();
      expect(await replayed(harness)).toEqual(live);
      await harness.start();
      expect(dump(harness)).toEqual(live);
      await harness.stop();
    });
    await fc.assert(property, { numRuns: 20, endOnFailure: true });
  });
});

interface Step {
  readonly does: string;
  readonly at: number;
  readonly number: number;
}

function commandFor(harness: ShardHarness, { does, at, number }: Step): Command | undefined {
  if (does === 'pay') return pay(`p${number}`, `c_${at}`);
  const part = partsOf(harness)[at];
  if (!part?.paymentId) return undefined;
  const { paymentId } = part;
  if (does === 'erase') return erasure([part]);
  if (does === 'reverse')
    return { type: 'ReversePayment', paymentId, reversalId: `r${number}`, kind: 'refund', amount: 1 };
  return {
    type: 'RecordLabel',
    labelId: `l${number}`,
    paymentId,
    label: 'fraud',
    source: 'chargeback',
    observedAt: harness.now,
    bodyDigest: digestOf(`l${number}`),
    entityKeys: new Uint8Array(),
  };
}
