import { expect, test, vi } from 'vitest';
import { MemoryEntityLogStore } from '#src/adapters/memory/memory-entity-log-store.ts';
import type { Pay, RecordSignal } from '#src/domain/commands.ts';
import type { PaymentDecided } from '#src/domain/events.ts';
import { NO_HISTORY, UNREADABLE } from '#src/domain/feature-value.ts';
import { FEATURE_COUNT, featureIndex } from '#src/features/feature-catalogue.ts';
import { SharedHistoryStage } from '#src/features/shared/shared-history-stage.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import { payCommand } from '#test/support/flow-harness.ts';
import { ShardHarness } from '#test/support/shard-harness.ts';

const keyer = createEntityKeyer({ key: new Uint8Array(16).fill(3) });
const ATTEMPTS = featureIndex('account_attempts_24h');
const AWAY = { type: 'away', reason: 'nobody is there' } as const;

function pay(id: string): Pay {
  const command = payCommand({ id, debtor: 'customer:1', creditor: 'shop', amount: 100 });
  return { ...command, entityKeys: keyer.ofPayment({ facts: command.facts, personal: {} }) };
}

interface Setup {
  readonly store: MemoryEntityLogStore;
  readonly harness: ShardHarness;
  readonly faults: string[];
}

function setUp(store = new MemoryEntityLogStore()): Setup {
  const harness = new ShardHarness();
  const faults: string[] = [];
  harness.histories = {
    featureCount: FEATURE_COUNT,
    keyer,
    open: async (toReference) =>
      new SharedHistoryStage({
        store,
        shard: 0,
        shards: 1,
        toReference,
        cacheBytes: 1 << 24,
        now: () => harness.now,
        onAway: ({ fault }) => void faults.push(fault),
      }),
  };
  return { store, harness, faults };
}

function decisionsOf({ harness }: Setup, paymentId: string): readonly PaymentDecided[] {
  return harness
    .records()
    .flatMap(({ events }) => events)
    .flatMap((event) => (event.type === 'PaymentDecided' && event.paymentId === paymentId ? [event] : []));
}

/** How many attempts of the account the last decision on the payment saw. */
function attemptsSeen(setup: Setup, paymentId: string): number | undefined {
  return decisionsOf(setup, paymentId).at(-1)?.vector?.[ATTEMPTS];
}

function recordsOf({ store }: Setup): number {
  return [...store.logs.values()].reduce((sum, log) => sum + log.length / 48, 0);
}

test('a payment that was decided without its histories is decided again with what stood before it', async () => {
  const setup = setUp();
  const { harness, store } = setup;
  await harness.start();
  await harness.submit(pay('p1'));
  const { standing } = store;
  store.standing = AWAY;
  expect(harness.resources.features.remote?.report(harness.now)).toMatchObject({ isReadable: true });
  await harness.submit(pay('p2'), pay('p3'));
  expect(harness.resources.features.remote?.report(harness.now).isReadable).toBe(false);
  expect(attemptsSeen(setup, 'p3')).toBe(UNREADABLE);
  const { payments } = harness.resources.state.ledger;
  expect(payments.get('p3')).toMatchObject({ status: 'pending', awaiting: 'rescore' });
  store.standing = standing;
  harness.now += 1_000;
  await harness.submit(pay('p4'));
  await vi.waitFor(() => {
    harness.now += 1_000;
    expect(payments.get('p3')?.status).toBe('posted');
  });
  expect(['p1', 'p2', 'p3'].map((id) => attemptsSeen(setup, id))).toEqual([-2e30, 1, 2].map(Math.fround));
  expect(decisionsOf(setup, 'p3').map(({ decision }) => decision.degraded)).toEqual([['features'], []]);
  expect(setup.faults.length).toBeGreaterThan(0);
  await harness.stop();
});

test('a payment right behind a signal of its account sees it, also where both came at once', async () => {
  const setup = setUp();
  const { harness } = setup;
  await harness.start();
  await harness.submit(pay('p1'));
  const { account, bodyDigest } = { account: 'customer:1', bodyDigest: new Uint8Array(4) };
  const signal: RecordSignal = {
    type: 'RecordSignal',
    signalId: 's1',
    kind: 'login',
    occurredAt: harness.now - 120_000,
    account,
    bodyDigest,
    entityKeys: keyer.ofSignal({ account }),
  };
  await harness.submit(pay('p2'), signal, pay('p3'));
  const sinceLogin = featureIndex('account_minutes_since_login');
  const seen = ['p2', 'p3'].map((id) => decisionsOf(setup, id).at(-1)?.vector?.[sinceLogin]);
  expect(seen).toEqual([NO_HISTORY, 2]);
  await harness.stop();
});

test('a restart tells the histories nothing twice, and what became of its payments once', async () => {
  const first = setUp();
  await first.harness.start();
  await first.harness.submit(pay('p1'), pay('p2'));
  await first.harness.stop();
  const before = recordsOf(first);
  const second = setUp(first.store);
  Object.assign(second.harness, { store: first.harness.store });
  second.harness.log.rows.push(...first.harness.log.rows);
  await second.harness.start();
  expect(recordsOf(second)).toBe(before);
  await second.harness.submit(pay('p3'));
  expect(attemptsSeen(second, 'p3')).toBe(2);
  await second.harness.stop();
});

test('a store that has lost everything is told all of it again before anything of it is believed', async () => {
  const setup = setUp();
  const { harness, store } = setup;
  await harness.start();
  await harness.submit(pay('p1'));
  await harness.submit(pay('p2'));
  await store.clear(() => undefined);
  await harness.submit(pay('p3'));
  await vi.waitFor(() => {
    harness.now += 1_000;
    expect(attemptsSeen(setup, 'p3')).toBe(2);
  });
  const first = decisionsOf(setup, 'p3')[0]?.vector?.[ATTEMPTS];
  expect([UNREADABLE, 2]).toContain(first);
  await harness.stop();
});
