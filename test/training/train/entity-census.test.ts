import { describe, expect, test } from 'vitest';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { emptyEntities, emptyFeatures } from '#training/train/entity-census.ts';
import { planOf } from '#training/train/training-plan.ts';
import type { PaymentBody } from '#training/world/world-item.ts';

function body(place: number, more: Readonly<Record<string, unknown>>): PaymentBody {
  return {
    id: `p${place}`,
    occurredAt: '2026-01-01T00:00:00Z',
    amount: 100,
    asset: 'EUR',
    debtor: `a${place % 7}`,
    creditor: `m${place % 5}`,
    card: { id: `c${place % 11}`, bin: `4${place % 3}` },
    device: { id: `d${place % 13}` },
    ip: `10.0.0.${place % 17}`,
    merchant: { id: `shop${place % 4}` },
    customer: { emailHash: `e${place % 19}` },
    ...more,
  };
}

const bodies = (more: (place: number) => Readonly<Record<string, unknown>>): PaymentBody[] =>
  Array.from({ length: 200 }, (_, place) => body(place, more(place)));

describe('an entity', () => {
  test('that differs, and differently from all others, says something', () => {
    expect(emptyEntities(bodies(() => ({})))).toEqual(new Set());
  });

  test('that is the same in every payment says nothing', () => {
    expect(emptyEntities(bodies(() => ({ creditor: 'shop', merchant: { id: 'shop' } })))).toEqual(
      new Set(['creditor', 'merchant']),
    );
  });

  test('that repeats one before it says nothing, and that one does', () => {
    const repeated = bodies((place) => ({ debtor: `card:c${place % 11}` }));
    expect(emptyEntities(repeated)).toEqual(new Set(['card']));
  });

  test('that nobody sends says nothing', () => {
    expect(emptyEntities(bodies(() => ({ ip: undefined })))).toEqual(new Set(['ip']));
  });

  test('that repeats one which is not always sent is kept', () => {
    const some = bodies((place) =>
      place % 2 === 0 ? { merchant: undefined } : { merchant: { id: `m${place % 5}` } },
    );
    expect(emptyEntities(some)).toEqual(new Set());
  });
});

describe('the features that are masked', () => {
  const entitiesOf = (places: ReadonlySet<number>): ReadonlySet<unknown> =>
    new Set([...places].map((place) => FEATURES[place]?.entity));

  test('for a shop alone are those of its one merchant, and of the card, which is its account', () => {
    const { worlds } = planOf({ seat: 'shop', days: 3, customers: 60 });
    expect(entitiesOf(emptyFeatures(worlds))).toEqual(new Set(['creditor', 'merchant', 'card']));
  });

  test('for a bank alone are those of what it never sees', () => {
    const { worlds } = planOf({ seat: 'bank', days: 3, customers: 60 });
    expect(entitiesOf(emptyFeatures(worlds))).toEqual(
      new Set(['card', 'device', 'ip', 'merchant', 'email', 'bin']),
    );
  });

  test('for all seats together are none', () => {
    expect(emptyFeatures(planOf({ days: 3, customers: 60 }).worlds).size).toBe(0);
  });
});
