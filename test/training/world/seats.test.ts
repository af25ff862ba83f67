import { describe, expect, test } from 'vitest';
import { accountReaders } from '#src/ingest/account-readers.ts';
import { knowledgeReaders } from '#src/ingest/knowledge-readers.ts';
import { paymentActionReaders } from '#src/ingest/payment-action-readers.ts';
import { paymentReader } from '#src/ingest/payment-reader.ts';
import { readerDeps } from '#test/support/reader-deps.ts';
import { DEMO, forSeat } from '#training/world/parameter-sets.ts';
import type { Seat } from '#training/world/parameters.ts';
import type { PaymentItem, WorldItem } from '#training/world/world-item.ts';
import { createWorld } from '#training/world/world.ts';

function itemsOf(seat: Seat): WorldItem[] {
  const parameters = forSeat({ ...DEMO, days: 6, people: { ...DEMO.people, count: 300 } }, seat);
  const world = createWorld(parameters, 21);
  const items: WorldItem[] = [];
  for (let item = world.next(); item !== undefined; item = world.next()) items.push(item);
  return items;
}

const paymentsOf = (items: readonly WorldItem[]): PaymentItem[] =>
  items.filter((item) => item.kind === 'payment');
const share = (payments: readonly PaymentItem[], holds: (item: PaymentItem) => boolean): number =>
  payments.filter(holds).length / payments.length;

/** What the product's own readers say against an item; nothing, if they take it. */
function problemsOf(items: readonly WorldItem[]): unknown[] {
  let now = 0;
  const deps = readerDeps({ now: () => now });
  const payment = paymentReader(deps);
  const { openAccount, transfer } = accountReaders(deps);
  const { signal, label } = knowledgeReaders(deps);
  const { reverse } = paymentActionReaders(deps);
  const read = {
    payment: (item: WorldItem) => payment.read(item.body),
    account: (item: WorldItem) => openAccount.read(item.body, ''),
    transfer: (item: WorldItem) => transfer.read(item.body, ''),
    signal: (item: WorldItem) => signal.read(item.body, ''),
    label: (item: WorldItem) => label.read(item.body, ''),
    reversal: (item: WorldItem) => reverse.read(item.body, item.kind === 'reversal' ? item.paymentId : ''),
  };
  return items.flatMap((item) => {
    now = item.at;
    const result = read[item.kind](item);
    return result.ok ? [] : [{ item, result }];
  });
}

describe.each(['wallet', 'shop', 'bank'] as const)('the seat of a %s', (seat) => {
  const items = itemsOf(seat);
  const payments = paymentsOf(items);

  test('makes only what the product takes in', () => {
    expect(payments.length).toBeGreaterThan(500);
    expect(problemsOf(items)).toEqual([]);
  });

  test('has accounts, payments and labels, and attackers among the honest', () => {
    const kinds = new Set(items.map((item) => item.kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['account', 'payment', 'label']));
    expect(share(payments, (item) => item.truth.fraud)).toBeGreaterThan(0.005);
    expect(share(payments, (item) => item.truth.fraud)).toBeLessThan(0.2);
  });

  test('never shows the truth in a payment', () => {
    const told = /fraud|campaign|skill|story|bust|mule|deceived|drain/;
    expect(payments.filter((item) => told.test(JSON.stringify(item.body)))).toEqual([]);
  });

  test('opens an account before money moves on it', () => {
    const opened = new Set<string>();
    const unknown: string[] = [];
    for (const item of items) {
      if (item.kind === 'account') opened.add(item.body.id);
      if (item.kind !== 'payment' && item.kind !== 'transfer') continue;
      unknown.push(...[item.body.debtor, item.body.creditor].filter((id) => !opened.has(id)));
    }
    expect(unknown).toEqual([]);
  });
});

describe('the fields of a seat', () => {
  test('of a bank name no card, device, address or merchant', () => {
    const seen = new Set(paymentsOf(itemsOf('bank')).flatMap((item) => Object.keys(item.body)));
    expect(['card', 'device', 'ip', 'merchant', 'checks'].filter((field) => seen.has(field))).toEqual([]);
  });

  test('of a shop have one merchant, an account for each card and mostly guests', () => {
    const payments = paymentsOf(itemsOf('shop'));
    expect(new Set(payments.map((item) => item.body.creditor)).size).toBe(1);
    expect(payments.every((item) => item.body.debtor.startsWith('card:'))).toBe(true);
    expect(share(payments, (item) => (item.body['customer'] as { guest: boolean }).guest)).toBeGreaterThan(
      0.5,
    );
  });

  test('of a wallet have many merchants, and card and device where one was used', () => {
    const payments = paymentsOf(itemsOf('wallet'));
    expect(new Set(payments.map((item) => item.body.creditor)).size).toBeGreaterThan(100);
    expect(share(payments, (item) => 'card' in item.body)).toBeGreaterThan(0.8);
    expect(share(payments, (item) => 'device' in item.body)).toBeGreaterThan(0.4);
  });
});
