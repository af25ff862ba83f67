/** How attackers act, and how they change when they are turned away. */
import { describe, expect, test } from 'vitest';
import { DEMO } from '#training/world/parameter-sets.ts';
import { FAMILIES } from '#training/world/parameters.ts';
import type { Family } from '#training/world/parameters.ts';
import type { Outcome, PaymentItem } from '#training/world/world-item.ts';
import { createWorld } from '#training/world/world.ts';

type Decide = (item: PaymentItem) => Outcome;

/** A world in which one family does all the fraud. */
function attacksOf(family: Family, decide: Decide): PaymentItem[][] {
  const families = Object.fromEntries(FAMILIES.map((each) => [each, each === family ? 1 : 0]));
  const parameters = {
    ...DEMO,
    days: 20,
    people: { ...DEMO.people, count: 400 },
    fraud: { ...DEMO.fraud, share: 0.15, families: families as Record<Family, number> },
  };
  const world = createWorld(parameters, 51);
  const attacks = new Map<string, PaymentItem[]>();
  for (let item = world.next(); item !== undefined; item = world.next()) {
    if (item.kind !== 'payment') continue;
    world.answer(item.body.id, decide(item));
    const { campaign } = item.truth;
    if (campaign !== null) attacks.set(campaign, [...(attacks.get(campaign) ?? []), item]);
  }
  return [...attacks.values()];
}

const approve: Decide = () => 'approve';
const denyFraud: Decide = ({ truth }) => (truth.fraud ? 'deny' : 'approve');
const deviceOf = ({ body }: PaymentItem): unknown => (body['device'] as { id: string } | undefined)?.id;
const total = (attacks: readonly PaymentItem[][]): number => attacks.flat().length;
const distinct = (items: readonly PaymentItem[], of: (item: PaymentItem) => unknown): number =>
  new Set(items.map(of)).size;

describe.each(FAMILIES)('the family %s', (family) => {
  const free = attacksOf(family, approve);

  test('acts in campaigns, all of whose payments are fraud of that family', () => {
    expect(free.length).toBeGreaterThan(0);
    expect(free.flat().every(({ truth }) => truth.fraud && truth.family === family)).toBe(true);
  });

  /** These split sums or talk people into another try before they give up. */
  const growsBy = ['refund_abuse', 'scam_payee', 'mule_chain'].includes(family) ? 1.5 : 1;
  test('gives up when it is always turned away', () => {
    expect(total(attacksOf(family, denyFraud))).toBeLessThanOrEqual(growsBy * total(free));
  });
});

describe('an attacker who is turned away', () => {
  test('tests cards from more devices for each attempt than one who is not', () => {
    const perAttempt = (attacks: readonly PaymentItem[][]): number =>
      attacks.reduce((sum, items) => sum + distinct(items, deviceOf), 0) / total(attacks);
    expect(perAttempt(attacksOf('card_testing', denyFraud))).toBeGreaterThan(
      1.3 * perAttempt(attacksOf('card_testing', approve)),
    );
  });

  test('drains an account in smaller amounts, and leaves it after three refusals', () => {
    const denied = attacksOf('account_takeover', denyFraud);
    const perVictim = denied.flatMap((items) => [...Map.groupBy(items, (item) => item.body.debtor).values()]);
    const repeated = perVictim.filter((items) => items.length > 1);
    const smaller = repeated.filter((items) => (items[1]?.body.amount ?? 0) < (items[0]?.body.amount ?? 0));
    expect(Math.max(...perVictim.map((items) => items.length))).toBeLessThanOrEqual(6);
    expect(smaller.length).toBeGreaterThan(0.6 * repeated.length);
  });
});

describe('an attack', () => {
  test('by a scam comes from the victim’s own account, once or a few times for each victim', () => {
    for (const items of attacksOf('scam_payee', approve)) {
      expect(items.every(({ body }) => body['channel'] === 'transfer')).toBe(true);
      expect(distinct(items, ({ body }) => body.debtor)).toBeLessThanOrEqual(8);
    }
  });

  test('by a mule chain passes on less at each step', () => {
    for (const items of attacksOf('mule_chain', approve)) {
      const onward = items.filter((item) => items.some((other) => other.body.creditor === item.body.debtor));
      const largest = Math.max(...items.map(({ body }) => body.amount));
      expect(onward.every(({ body }) => body.amount <= largest)).toBe(true);
    }
  });

  test('by a bust-out spends a thousand and more from one account', () => {
    const attacks = attacksOf('bust_out', approve);
    const sums = attacks.flatMap((items) =>
      [...Map.groupBy(items, (item) => item.body.debtor).values()].map((own) =>
        own.reduce((sum, { body }) => sum + body.amount, 0),
      ),
    );
    expect(Math.max(...sums)).toBeGreaterThan(100_000);
  });

  test('by a colluding shop names that one shop and many cards', () => {
    for (const items of attacksOf('merchant_collusion', approve)) {
      expect(distinct(items, ({ body }) => body.creditor)).toBe(1);
      expect(distinct(items, ({ body }) => (body['card'] as { id: string }).id)).toBeGreaterThan(
        items.length / 2,
      );
    }
  });
});
