/** What honest people do that a model might take for fraud; each of these must occur. */
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#training/world/calendar.ts';
import { EVALUATION, forSeat, TRAINING } from '#training/world/parameter-sets.ts';
import { SEATS } from '#training/world/parameters.ts';
import type { Seat, WorldParameters } from '#training/world/parameters.ts';
import type { PaymentItem } from '#training/world/world-item.ts';
import { createWorld } from '#training/world/world.ts';

function honestPayments(seat: Seat, count: number): PaymentItem[] {
  const parameters = { ...TRAINING, days: 45, people: { ...TRAINING.people, count } };
  const world = createWorld(forSeat(parameters, seat), 31);
  const payments: PaymentItem[] = [];
  for (let item = world.next(); item !== undefined; item = world.next()) {
    if (item.kind === 'payment' && !item.truth.fraud) payments.push(item);
  }
  return payments;
}

const payments = honestPayments('wallet', 1_500);
const startsAt = Date.parse(TRAINING.startsAt);
const storyOf = (item: PaymentItem): string => item.truth.story;
const field = <T>(item: PaymentItem, name: string): T | undefined => item.body[name] as T | undefined;
const cardOf = (item: PaymentItem): string | undefined => field<{ id: string }>(item, 'card')?.id;
const deviceOf = (item: PaymentItem): string | undefined => field<{ id: string }>(item, 'device')?.id;

/** How many different debtors share each value. */
function debtorsBy(keyOf: (item: PaymentItem) => string | undefined): number[] {
  const debtors = new Map<string, Set<string>>();
  for (const item of payments) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const seen = debtors.get(key) ?? new Set<string>();
    debtors.set(key, seen.add(item.body.debtor));
  }
  return [...debtors.values()].map((seen) => seen.size).toSorted((one, other) => other - one);
}

/** Share of pairs of buyer and shop, seen after the first half, that were new when they occurred. */
function firstTimeShare(all: readonly PaymentItem[], buyerOf: (item: PaymentItem) => string): number {
  const pairs = new Set<string>();
  const late = { all: 0, fresh: 0 };
  for (const item of all) {
    const pair = `${buyerOf(item)} ${item.body.creditor}`;
    if (item.at > startsAt + 25 * DAY_MS) {
      late.all += 1;
      if (!pairs.has(pair)) late.fresh += 1;
    }
    pairs.add(pair);
  }
  return late.fresh / late.all;
}

describe('honest life', () => {
  test('has newcomers, travellers, subscriptions, flash sales and payments that are passed on', () => {
    const stories = new Set(payments.map(storyOf));
    const wanted = [
      'newcomer',
      'travel',
      'subscription',
      'flash_sale',
      'to_person',
      'passed_on',
      'retry',
      'card_added',
    ];
    expect([...stories]).toEqual(expect.arrayContaining(wanted));
  });

  test('charges subscriptions at night without any device or address', () => {
    const subscriptions = payments.filter((item) => storyOf(item) === 'subscription');
    const night = subscriptions.filter((item) => new Date(item.body.occurredAt).getUTCHours() < 5);
    expect(subscriptions.some((item) => deviceOf(item) !== undefined || 'ip' in item.body)).toBe(false);
    expect(night.length).toBeGreaterThan(0.9 * subscriptions.length);
  });

  test('shares cards and devices within households', () => {
    expect(debtorsBy(cardOf).filter((count) => count > 1).length).toBeGreaterThan(20);
    expect(debtorsBy(deviceOf).filter((count) => count > 1).length).toBeGreaterThan(20);
  });

  test('puts hundreds behind one carrier address and tens behind an office', () => {
    const sizes = debtorsBy((item) => field<string>(item, 'ip'));
    expect(sizes[0]).toBeGreaterThan(60);
    expect(sizes.filter((count) => count >= 4).length).toBeGreaterThan(40);
    expect(sizes.filter((count) => count === 1).length).toBeGreaterThan(0.5 * sizes.length);
  });

  test('has machines in public on which four strangers and more pay in a day', () => {
    const days = Map.groupBy(
      payments.filter((item) => deviceOf(item) !== undefined),
      (item) => `${deviceOf(item)} ${Math.floor(item.at / DAY_MS)}`,
    );
    const debtors = [...days.values()].map((own) => new Set(own.map((item) => item.body.debtor)).size);
    expect(debtors.filter((count) => count >= 4).length).toBeGreaterThan(10);
  });

  test('has cards of other countries than their owner lives in, and presents that are sent abroad', () => {
    const differ = (one: string, other: string): number => {
      const country = (item: PaymentItem, name: string) => field<{ country: string }>(item, name)?.country;
      const both = payments.filter((item) => country(item, one) && country(item, other));
      return both.filter((item) => country(item, one) !== country(item, other)).length / both.length;
    };
    expect(differ('card', 'billing')).toBeGreaterThan(0.04);
    expect(differ('card', 'billing')).toBeLessThan(0.2);
    expect(differ('billing', 'shipping')).toBeGreaterThan(0.003);
  });

  test('has shops that open while the world runs, and are busy in their first days', () => {
    const firstSeen = new Map<string, number>();
    for (const item of payments.filter((each) => 'merchant' in each.body)) {
      if (!firstSeen.has(item.body.creditor)) firstSeen.set(item.body.creditor, item.at);
    }
    const young = payments.filter((item) => {
      const first = firstSeen.get(item.body.creditor) ?? item.at;
      return first > startsAt + 20 * DAY_MS && item.at - first < 7 * DAY_MS;
    });
    const busiest = [...Map.groupBy(young, (item) => item.body.creditor).values()].map((own) => own.length);
    expect(young.length).toBeGreaterThan(0.01 * payments.length);
    expect(Math.max(...busiest)).toBeGreaterThan(10);
  });

  test('has money that comes in and is passed on within a day, as a mule does', () => {
    const passedOn = payments.filter((item) => storyOf(item) === 'passed_on');
    expect(passedOn.length).toBeGreaterThan(0.005 * payments.length);
    expect(passedOn.filter((item) => item.body.amount > 20_000).length).toBeGreaterThan(
      0.3 * passedOn.length,
    );
  });

  test('has many who pay about once in six weeks, and some who pay daily', () => {
    const counts = [...Map.groupBy(payments, (item) => item.body.debtor).values()].map((own) => own.length);
    expect(counts.filter((count) => count <= 2).length).toBeGreaterThan(0.04 * counts.length);
    expect(counts.filter((count) => count > 45).length).toBeGreaterThan(0.02 * counts.length);
  });

  test('has first-time buyers for three in ten purchases and more, in a wallet and in a shop', () => {
    const purchases = payments.filter((item) => 'merchant' in item.body && storyOf(item) !== 'retry');
    expect(firstTimeShare(purchases, (item) => item.body.debtor)).toBeGreaterThan(0.3);
    const inShop = honestPayments('shop', 600);
    const buyer = (item: PaymentItem): string =>
      field<{ emailHash: string }>(item, 'customer')?.emailHash ?? '';
    expect(firstTimeShare(inShop, buyer)).toBeGreaterThan(0.3);
  });
});

describe('the sets of parameters', () => {
  test('for training and evaluation differ in rates, shops, devices, skill and season', () => {
    for (const part of ['people', 'merchants', 'devices', 'seasons', 'issuer', 'fraud'] as const) {
      expect(EVALUATION[part]).not.toEqual(TRAINING[part]);
    }
    expect(EVALUATION.fraud.skills).not.toEqual(TRAINING.fraud.skills);
  });

  test.each([TRAINING, EVALUATION].flatMap((set) => SEATS.map((seat) => ({ set, seat, name: set.name }))))(
    'make one to three frauds in a thousand payments: $name, $seat',
    ({ set, seat }) => {
      const share = fraudShare(set, seat);
      expect(share).toBeGreaterThanOrEqual(0.001);
      expect(share).toBeLessThanOrEqual(0.003);
    },
  );
});

/** Measured on a denser world, where a campaign more or less is of no account. */
function fraudShare(set: WorldParameters, seat: Seat): number {
  const times = 20;
  const people = { ...set.people, count: 800 };
  const fraud = { ...set.fraud, share: set.fraud.share * times };
  const world = createWorld(forSeat({ ...set, days: 20, people, fraud }, seat), 8);
  const count = { fraud: 0, honest: 0 };
  for (let item = world.next(); item !== undefined; item = world.next()) {
    if (item.kind === 'payment') count[item.truth.fraud ? 'fraud' : 'honest'] += 1;
  }
  return count.fraud / times / (count.honest + count.fraud / times);
}
