import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#training/world/calendar.ts';
import { DEMO } from '#training/world/parameter-sets.ts';
import type { LabelItem, Outcome, PaymentItem, WorldItem } from '#training/world/world-item.ts';
import { createWorld } from '#training/world/world.ts';

const DENSE = {
  ...DEMO,
  days: 16,
  people: { ...DEMO.people, count: 1_400 },
  labels: { ...DEMO.labels, firstPartyDisputeShare: 0.01 },
  fraud: { ...DEMO.fraud, share: 0.3 },
};

interface Told {
  readonly endsAt: number;
  readonly payments: ReadonlyMap<string, PaymentItem>;
  readonly labels: readonly LabelItem[];
}

function run(decide: (item: PaymentItem) => Outcome): Told {
  const world = createWorld(DENSE, 41);
  const items: WorldItem[] = [];
  for (let batch = world.nextBatch(64); batch.length > 0; batch = world.nextBatch(64)) {
    items.push(...batch);
    for (const item of batch) if (item.kind === 'payment') world.answer(item.body.id, decide(item));
  }
  const payments = items.filter((item) => item.kind === 'payment');
  return {
    endsAt: world.endsAt,
    payments: new Map(payments.map((item) => [item.body.id, item])),
    labels: items.filter((item) => item.kind === 'label'),
  };
}

const approved = run(() => 'approve');
const paymentOf = ({ payments }: Told, { body }: LabelItem): PaymentItem => {
  const payment = payments.get(body.paymentId);
  if (payment === undefined) throw new Error(`a label for ${body.paymentId}, which never was`);
  return payment;
};
const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Of completed frauds on cards in this range of amounts, the share that is ever reported. */
function reportedShare(from: number, to: number): number {
  const reported = new Set(approved.labels.map(({ body }) => body.paymentId));
  const families = ['card_testing', 'device_farm', 'account_takeover'];
  const frauds = [...approved.payments.values()].filter(
    ({ body, truth, backstage }) =>
      families.includes(truth.family ?? '') &&
      backstage.issuer.approved &&
      body.amount >= from &&
      body.amount < to,
  );
  expect(frauds.length).toBeGreaterThan(50);
  return frauds.filter(({ body }) => reported.has(body.id)).length / frauds.length;
}

describe('observed labels', () => {
  test('come after their payment, days to months later', () => {
    const delays = approved.labels.map((label) => (label.at - paymentOf(approved, label).at) / DAY_MS);
    expect(Math.min(...delays)).toBeGreaterThan(0);
    expect(Math.max(...delays)).toBeGreaterThan(60);
    expect(approved.labels.some((label) => label.at > approved.endsAt)).toBe(true);
  });

  test('take weeks as chargebacks, and days as reports by customers', () => {
    const delaysOf = (source: string): number[] =>
      approved.labels
        .filter(({ body }) => body.source === source && body.state !== 'won')
        .map((label) => (label.at - paymentOf(approved, label).at) / DAY_MS);
    expect(median(delaysOf('chargeback'))).toBeGreaterThan(20);
    expect(median(delaysOf('chargeback'))).toBeLessThan(40);
    expect(median(delaysOf('customer_report'))).toBeLessThan(8);
  });

  test('are missing for three to five small frauds in ten, and for few large ones', () => {
    const small = reportedShare(1, 2_500);
    expect(small).toBeGreaterThan(0.4);
    expect(small).toBeLessThan(0.7);
    expect(reportedShare(2_500, 1e9)).toBeGreaterThan(0.75);
  });

  test('are wrong where honest people dispute what they bought, and some of these disputes are won', () => {
    const wrong = approved.labels.filter((label) => !paymentOf(approved, label).truth.fraud);
    expect(wrong.some(({ body }) => body.label === 'fraud' && body.state === 'open')).toBe(true);
    expect(wrong.some(({ body }) => body.label === 'legitimate' && body.state === 'won')).toBe(true);
  });

  test('do not come for payments that were denied', () => {
    const denied = run(({ truth }) => (truth.fraud ? 'deny' : 'approve'));
    expect(denied.labels.filter((label) => paymentOf(denied, label).truth.fraud)).toEqual([]);
  });

  test('come within hours from reviewers, who err both ways', () => {
    const reviewed = run(({ body }) => (body.amount > 20_000 ? 'review' : 'approve'));
    const reviews = reviewed.labels.filter(({ body }) => body.source === 'review');
    const errors = reviews.filter(
      (label) => (label.body.label === 'fraud') !== paymentOf(reviewed, label).truth.fraud,
    );
    const missed = errors.filter((label) => paymentOf(reviewed, label).truth.fraud);
    expect(reviews.every((label) => label.at - paymentOf(reviewed, label).at < DAY_MS)).toBe(true);
    expect(errors.length).toBeLessThan(0.3 * reviews.length);
    expect(missed.length).toBeGreaterThan(0);
    expect(errors.length).toBeGreaterThan(missed.length);
  });
});
