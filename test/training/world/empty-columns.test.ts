/**
 * What must carry no news: were milliseconds, cents, the shape of ids, the hash of the user agent or
 * the order of rows to tell fraud from honest payments, a model would learn the simulator.
 */
import { describe, expect, test } from 'vitest';
import { rocAuc } from '#training/metrics/roc-auc.ts';
import { DEMO } from '#training/world/parameter-sets.ts';
import { hashNumbers } from '#training/world/random.ts';
import type { PaymentItem } from '#training/world/world-item.ts';
import { createWorld } from '#training/world/world.ts';
import { fitBinnedModel } from '#test/support/binned-model.ts';
import type { LabelledRow } from '#test/support/binned-model.ts';

/** Far denser in fraud than the demo, so that a few seconds give enough frauds to measure on. */
const DENSE = {
  ...DEMO,
  days: 20,
  people: { ...DEMO.people, count: 3_500 },
  fraud: { ...DEMO.fraud, share: 0.3 },
};

function paymentsOf(seed: number): PaymentItem[] {
  const world = createWorld(DENSE, seed);
  const payments: PaymentItem[] = [];
  for (let item = world.next(); item !== undefined; item = world.next()) {
    if (item.kind === 'payment') payments.push(item);
  }
  return payments;
}

const learnt = paymentsOf(101);
const measured = paymentsOf(102);

type Bins = (item: PaymentItem, index: number) => LabelledRow['bins'];

function rowsOf(payments: readonly PaymentItem[], bins: Bins): LabelledRow[] {
  return payments.map((item, index) => ({ fraud: item.truth.fraud, bins: bins(item, index) }));
}

/** Learns on one world and measures on another. */
function aucOf(
  bins: Bins,
  keep: (payments: readonly PaymentItem[]) => readonly PaymentItem[] = (all) => all,
): number {
  const model = fitBinnedModel(rowsOf(keep(learnt), bins));
  const rows = rowsOf(keep(measured), bins);
  return rocAuc(
    Float64Array.from(rows, model),
    Float64Array.from(rows, (row) => Number(row.fraud)),
  );
}

const deviceOf = ({ body }: PaymentItem): { id: string; userAgent: string } | undefined =>
  body['device'] as { id: string; userAgent: string } | undefined;

/** One payment for each key, chosen by its id, so that what is seen often does not count often. */
function oncePer(
  payments: readonly PaymentItem[],
  keyOf: (item: PaymentItem) => string | undefined,
): PaymentItem[] {
  const chosen = new Map<string, PaymentItem>();
  for (const item of payments) {
    const key = keyOf(item);
    const other = key === undefined ? undefined : chosen.get(key);
    if (key !== undefined && (other === undefined || item.body.id < other.body.id)) chosen.set(key, item);
  }
  return [...chosen.values()];
}

const onlineDevice = (item: PaymentItem): string | undefined =>
  item.body['channel'] === 'pos' ? undefined : deviceOf(item)?.id;

function hashText(text: string): number {
  return hashNumbers(...Array.from(text, (letter) => letter.charCodeAt(0)));
}

describe('a model on columns that should carry nothing is no better than chance', () => {
  test('there are enough frauds to say so', () => {
    expect(measured.filter((item) => item.truth.fraud).length).toBeGreaterThan(2_000);
  });

  test.each<[string, Bins]>([
    ['milliseconds', ({ body }) => ({ tens: body.occurredAt.slice(20, 22), last: body.occurredAt[22] })],
    ['seconds', ({ body }) => ({ second: body.occurredAt.slice(17, 19) })],
    ['the shape and letters of ids', ({ body }) => shapeOf(body.id)],
    [
      'the order of rows',
      (_, index) => ({ two: index % 2, three: index % 3, seven: index % 7, ten: index % 10 }),
    ],
  ])('%s', (_, bins) => {
    expect(Math.abs(aucOf(bins) - 0.5)).toBeLessThan(0.02);
  });

  test('cents', () => {
    const cents: Bins = ({ body }) => ({ cents: body.amount % 100 });
    const auc = aucOf(cents, (payments) => payments.filter((item) => item.body.amount > 0));
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.02);
  });

  test('the letters of accounts', () => {
    const letters: Bins = ({ body }) => shapeOf(body.debtor);
    const auc = aucOf(letters, (payments) => oncePer(payments, (item) => item.body.debtor));
    expect(Math.abs(auc - 0.5)).toBeLessThan(0.02);
  });

  test('the hash of the user agent', () => {
    const hashes: Bins = (item) => ({ agent: hashText(deviceOf(item)?.userAgent ?? '') % 512 });
    expect(Math.abs(aucOf(hashes, (payments) => oncePer(payments, onlineDevice)) - 0.5)).toBeLessThan(0.02);
  });
});

function shapeOf(id: string): LabelledRow['bins'] {
  const letters = Object.fromEntries(
    Array.from(id.slice(-14), (letter, place) => [`letter${place}`, letter]),
  );
  return { length: id.length, prefix: id.slice(0, -14), ...letters };
}

describe('the tripwire', () => {
  test('finds a leak that is planted in the milliseconds', () => {
    const planted: Bins = ({ body, truth }) => ({
      leak: truth.fraud && body.amount % 5 === 0 ? 0 : body.amount % 3,
    });
    expect(aucOf(planted)).toBeGreaterThan(0.52);
  });
});
