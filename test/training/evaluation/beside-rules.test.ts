import { expect, test } from 'vitest';
import { payerOf } from '#training/evaluation/beside-rules.ts';
import { forSeat, PARAMETER_SETS } from '#training/world/parameter-sets.ts';
import { SEATS } from '#training/world/parameters.ts';
import type { Seat } from '#training/world/parameters.ts';
import { createWorld } from '#training/world/world.ts';

/** By what the first payments of a seat are resampled: the kinds, `card` or `account`. */
function kindsOfPayers(seat: Seat): ReadonlySet<string> {
  const { people, ...others } = PARAMETER_SETS.evaluation;
  const small = { ...others, people: { ...people, count: 100 } };
  const world = createWorld(forSeat(small, seat), 1);
  const payers: string[] = [];
  for (
    let items = world.nextBatch(256);
    items.length > 0 && payers.length < 300;
    items = world.nextBatch(256)
  )
    payers.push(...items.flatMap((item) => (item.kind === 'payment' ? [payerOf(item.body)] : [])));
  expect(payers.length).toBeGreaterThan(200);
  return new Set(payers.map((payer) => payer.split(' ')[0] ?? ''));
}

test.each(SEATS)('at the seat %s honest payments are resampled by card wherever one was sent', (seat) => {
  const expected = { wallet: ['account', 'card'], shop: ['card'], bank: ['account'] };
  expect([...kindsOfPayers(seat)].toSorted()).toEqual(expected[seat]);
});

test('two cards of one account are two payers, one card of two accounts is one', () => {
  const body = { id: 'p', occurredAt: '', amount: 1, asset: 'EUR', creditor: 'm' };
  const pay = (debtor: string, id?: string) => payerOf({ ...body, debtor, ...(id && { card: { id } }) });
  expect(pay('a', 'x')).not.toBe(pay('a', 'y'));
  expect(pay('a', 'x')).toBe(pay('b', 'x'));
  expect(pay('x')).not.toBe(pay('a', 'x'));
});
