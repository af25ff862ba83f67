import { describe, expect, test } from 'vitest';
import { PARAMETER_SETS } from '#training/world/parameter-sets.ts';
import type { WorldParameters } from '#training/world/parameters.ts';
import { createWorld } from '#training/world/world.ts';
import type { Outcome, PaymentItem, WorldItem } from '#training/world/world-item.ts';

const SMALL: WorldParameters = {
  ...PARAMETER_SETS.demo,
  days: 8,
  people: { ...PARAMETER_SETS.demo.people, count: 500 },
};

function run(seed: number, decide: (item: PaymentItem) => Outcome, limit = 64): WorldItem[] {
  const world = createWorld(SMALL, seed);
  const items: WorldItem[] = [];
  for (let batch = world.nextBatch(limit); batch.length > 0; batch = world.nextBatch(limit)) {
    items.push(...batch);
    for (const item of batch) if (item.kind === 'payment') world.answer(item.body.id, decide(item));
  }
  return items;
}

const paymentsOf = (items: readonly WorldItem[]): PaymentItem[] =>
  items.filter((item) => item.kind === 'payment');
const approveAll = (): Outcome => 'approve';
const denyFraud = (item: PaymentItem): Outcome => (item.truth.fraud ? 'deny' : 'approve');
const everyThirdDenied = (item: PaymentItem): Outcome => (item.body.amount % 3 === 0 ? 'deny' : 'approve');

describe('a world', () => {
  test('with the same seed and answers gives the same items', () => {
    expect(run(7, everyThirdDenied)).toEqual(run(7, everyThirdDenied));
  });

  test('with another seed gives other payments', () => {
    const [first] = paymentsOf(run(7, approveAll));
    const [other] = paymentsOf(run(8, approveAll));
    expect(first?.body).not.toEqual(other?.body);
  });

  test('taken one by one or in batches is the same', () => {
    expect(run(3, everyThirdDenied, 1)).toEqual(run(3, everyThirdDenied, 256));
  });

  test('hands out items in the order of their arrival, a few of them late', () => {
    const payments = paymentsOf(run(5, approveAll));
    const late = payments.filter((item) => item.at - Date.parse(item.body.occurredAt) > 60_000);
    expect(payments.length).toBeGreaterThan(1_000);
    payments
      .slice(1)
      .forEach((item, index) => expect(item.at).toBeGreaterThanOrEqual(payments[index]?.at ?? 0));
    expect(late.length).toBeGreaterThan(0);
    expect(late.length / payments.length).toBeLessThan(0.02);
  });

  test('opens every account before money moves on it', () => {
    const opened = new Set<string>();
    for (const item of run(2, approveAll)) {
      if (item.kind === 'account') opened.add(item.body.id);
      if (item.kind === 'payment')
        expect([opened.has(item.body.debtor), opened.has(item.body.creditor)]).toEqual([true, true]);
    }
  });

  test('left without answers goes on as if everything were approved', () => {
    const world = createWorld(SMALL, 7);
    const alone: WorldItem[] = [];
    for (let item = world.next(); item !== undefined; item = world.next()) alone.push(item);
    const count = paymentsOf(alone).length;
    expect(Math.abs(count - paymentsOf(run(7, approveAll)).length)).toBeLessThan(count * 0.02);
  });
});

describe('attackers', () => {
  test('who are turned away try less than attackers who get through', () => {
    const frauds = (items: readonly WorldItem[]): number =>
      paymentsOf(items).filter((item) => item.truth.fraud).length;
    expect(frauds(run(12, denyFraud))).toBeLessThan(0.9 * frauds(run(12, approveAll)));
  });
});

describe('honest customers', () => {
  test('who are declined try again, some with another card', () => {
    const payments = paymentsOf(run(4, approveAll));
    const byGroup = Map.groupBy(
      payments.filter((item) => !item.truth.fraud),
      (item) => item.body['group'],
    );
    const repeated = [...byGroup.values()].filter((attempts) => attempts.length > 1);
    const cardOf = (item: PaymentItem): unknown => (item.body['card'] as { id: string } | undefined)?.id;
    expect(repeated.length).toBeGreaterThan(10);
    expect(repeated.some((attempts) => new Set(attempts.map(cardOf)).size > 1)).toBe(true);
  });
});
