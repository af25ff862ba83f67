import { expect, test } from 'vitest';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import type { Command, Pay } from '#src/domain/commands.ts';
import { DurableHistoryStage } from '#src/features/durable-history-stage.ts';
import { FEATURE_COUNT, featureIndex } from '#src/features/feature-catalogue.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { payCommand } from '#test/support/flow-harness.ts';
import { ShardHarness } from '#test/support/shard-harness.ts';

const keyer = createEntityKeyer({ key: new Uint8Array(16).fill(3) });
const SPENT = featureIndex('account_amount_sum_24h');

function payDollars(id: string): Pay {
  const command = payCommand({ id, debtor: 'customer:1', creditor: 'shop', amount: 1_000, asset: 'USD' });
  return { ...command, entityKeys: keyer.ofPayment({ facts: command.facts, personal: {} }) };
}

function dollarsForOneEuro(rate: number): Command {
  return { type: 'RecordRates', date: '2026-11-24', base: 'EUR', rates: { USD: rate } };
}

async function copyOf(store: StateStore): Promise<StateStore> {
  const copy = createMemoryStateStore();
  const puts = [];
  for await (const [key, value] of store.entries('')) puts.push({ key, value });
  await copy.write({ puts, deletes: [] });
  return copy;
}

/** Starts on the histories as they are in `store`, does the commands, and stops in order. */
async function session(harness: ShardHarness, store: StateStore, commands: readonly Command[]) {
  harness.histories = {
    featureCount: FEATURE_COUNT,
    keyer,
    open: (toReference) =>
      Promise.resolve(new DurableHistoryStage({ store, cacheBytes: 1 << 24, toReference })),
  };
  await harness.start();
  for (const command of commands) await harness.submit(command);
  await harness.stop();
}

function spentBefore(harness: ShardHarness, paymentId: string): number | undefined {
  const events = harness.records().flatMap((record) => record.events);
  const decided = events.find((event) => event.type === 'PaymentDecided' && event.paymentId === paymentId);
  return decided?.type === 'PaymentDecided' ? decided.vector?.[SPENT] : undefined;
}

test.each(['lost', 'as of a row between two rates'])(
  'histories that are %s are told again with the rates in force at each row',
  async (kept) => {
    const harness = new ShardHarness();
    const store = createMemoryStateStore();
    await session(harness, store, [dollarsForOneEuro(2), payDollars('p1')]);
    const older = kept === 'lost' ? createMemoryStateStore() : await copyOf(store);
    await session(harness, store, [payDollars('p2'), dollarsForOneEuro(4), payDollars('p3')]);
    await session(harness, older, [payDollars('p4')]);
    expect(spentBefore(harness, 'p2')).toBe(500);
    expect(spentBefore(harness, 'p3')).toBe(1_000);
    expect(spentBefore(harness, 'p4')).toBe(1_250);
    expect(harness.failures).toEqual([]);
  },
);
