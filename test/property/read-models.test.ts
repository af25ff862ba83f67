import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import type { CommandEnvelope } from '#src/domain/commands.ts';
import { LedgerAuditor } from '#src/journal/audit/ledger-auditor.ts';
import { compareProjection } from '#src/projections/compare-projection.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';
import { readAll } from '#test/support/event-log/log-rows.ts';
import { at, FlowLog, minute } from '#test/support/flow-log.ts';
import { FlowInMemory, payOf, steeredScorer } from '#test/support/flow-setup.ts';
import { NOW, PAGE, projectedLedger } from '#test/support/projected-ledger.ts';

interface Step {
  readonly kind: 'pay' | 'hold' | 'capture' | 'void' | 'refund' | 'chargeback';
  readonly payment: number;
  readonly party: number;
  readonly amount: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('pay', 'pay', 'hold', 'capture', 'void', 'refund', 'chargeback'),
  payment: fc.nat(12),
  party: fc.nat(2),
  amount: fc.integer({ min: 1, max: 300 }),
});

function commandOf({ kind, payment, party, amount }: Step, index: number): CommandEnvelope {
  const paymentId = `pay_${payment}`;
  const receivedAt = minute(Math.floor(index / 7));
  if (kind === 'pay' || kind === 'hold') {
    const facts = {
      id: paymentId,
      amount,
      occurredAt: receivedAt,
      debtor: `customer:${party}`,
      creditor: `merchant:${amount % 2}`,
      capture: kind === 'hold' ? 'manual' : 'automatic',
    } as const;
    return at(receivedAt, payOf(facts, { cardId: `c_${amount % 3}` }));
  }
  if (kind === 'capture') {
    return at(receivedAt, {
      type: 'CapturePayment',
      paymentId,
      captureId: `cap_${index}`,
      amount: Math.ceil(amount / 3),
    });
  }
  if (kind === 'void') return at(receivedAt, { type: 'VoidPayment', paymentId });
  return at(receivedAt, {
    type: 'ReversePayment',
    paymentId,
    reversalId: `r_${index}`,
    amount: Math.ceil(amount / 4),
    kind,
  });
}

/** Every fifth payment is denied, every seventh reviewed. */
function newLedger(): Promise<FlowLog> {
  let scored = 0;
  const scorer = steeredScorer(() => (++scored % 5 === 0 ? 0.99 : scored % 7 === 0 ? 0.3 : 0.01));
  return FlowLog.open(new FlowInMemory({}, scorer));
}

async function idsOf(queries: LedgerQueries, search: object): Promise<string[]> {
  const { items } = await queries.searchPayments({ ...PAGE, ...search });
  return items.map(({ facts }) => facts.id);
}

describe('read models of any history', () => {
  test('say what the ledger says, whatever the cuts, checkpoints and restarts', async () => {
    const history = fc.record({
      steps: fc.array(step, { minLength: 5, maxLength: 60 }),
      batch: fc.integer({ min: 1, max: 9 }),
      segmentRecords: fc.integer({ min: 1, max: 20 }),
      restartAfter: fc.nat(10),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ steps, batch, segmentRecords, restartAfter }) => {
        const ledger = await newLedger();
        const store = createMemoryStateStore();
        const commands = steps.map(commandOf);
        for (let start = 0; start < commands.length; start += batch) {
          await ledger.run(...commands.slice(start, start + batch));
          if (start / batch === restartAfter) await projectedLedger({ ledger, store, segmentRecords });
        }
        const { queries } = await projectedLedger({ ledger, store, segmentRecords });
        await expectSameState(ledger, queries);
        await expectSameSearches(ledger, queries);
        expect((await compareProjection({ stored: store, log: ledger.log })).differences).toEqual([]);
        const auditor = new LedgerAuditor();
        expect((await readAll(ledger.log)).flatMap((row) => [...auditor.inspect(row)])).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});

function receivedIn({ flow }: FlowLog) {
  return flow.records.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'PaymentReceived' ? [event.facts] : [])),
  );
}

async function expectSameState(ledger: FlowLog, queries: LedgerQueries): Promise<void> {
  const { accounts, payments } = ledger.flow.state.ledger;
  for (const id of ['customer:0', 'customer:1', 'customer:2', 'merchant:0', 'merchant:1']) {
    const account = accounts.get(id);
    const view = await queries.account(id, NOW);
    const sums = (one: typeof account | typeof view) =>
      one && [one.posted, one.heldDebits, one.heldCredits, one.receivable];
    expect(sums(view)).toEqual(sums(account));
    const entries = (await queries.accountEntries(id, PAGE))?.items ?? [];
    expect(entries.reduce((sum, { amount }) => sum + amount, 0n)).toBe(account?.posted ?? 0n);
  }
  for (const { id } of receivedIn(ledger)) {
    const payment = payments.get(id);
    const view = await queries.payment(id, NOW);
    expect([
      view?.status,
      view?.awaiting,
      view?.until,
      view?.capturedAmount,
      view?.reversedAmount,
      view?.version,
    ]).toEqual([
      payment?.status,
      payment?.awaiting,
      payment?.until,
      payment?.captured,
      payment?.reversed,
      payment?.version,
    ]);
  }
}

async function expectSameSearches(ledger: FlowLog, queries: LedgerQueries): Promise<void> {
  const received = receivedIn(ledger).toReversed();
  const statusOf = (id: string) => ledger.flow.state.ledger.payments.get(id)?.status;
  for (const status of ['pending', 'posted', 'voided', 'rejected']) {
    const expected = received.filter(({ id }) => statusOf(id) === status).map(({ id }) => id);
    expect(await idsOf(queries, { status })).toEqual(expected);
  }
  for (const number of [0, 1, 2]) {
    const card = received.filter(({ amount }) => amount % 3 === number);
    expect(await idsOf(queries, { card: `c_${number}` })).toEqual(card.map(({ id }) => id));
    const debtor = `customer:${number}`;
    const pending = received.filter((facts) => facts.debtor === debtor && statusOf(facts.id) === 'pending');
    expect(await idsOf(queries, { account: debtor, status: 'pending' })).toEqual(pending.map(({ id }) => id));
  }
}
