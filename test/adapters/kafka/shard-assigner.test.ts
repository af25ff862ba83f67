import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { shareOut, type ShardMember } from '#src/adapters/kafka/shard-assigner.ts';

const members = fc.uniqueArray(
  fc.record({ memberId: fc.string({ minLength: 1 }), owned: fc.uniqueArray(fc.nat(20)) }),
  { minLength: 1, maxLength: 9, selector: ({ memberId }) => memberId },
);

function sharesOf(shards: number, given: readonly ShardMember[]): ReadonlyMap<string, readonly number[]> {
  return shareOut(shards, given);
}

describe('shards shared out among members', () => {
  test('go to one member each, in even shares, whoever works it out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), members, (shards, given) => {
        const shares = sharesOf(shards, given);
        const all = [...shares.values()].flat().toSorted((left, right) => left - right);
        expect(all).toEqual(Array.from({ length: shards }, (_, shard) => shard));
        const sizes = [...shares.values()].map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(sharesOf(shards, given.toReversed())).toEqual(shares);
      }),
    );
  });

  test('stay where they are when nobody comes or goes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), members, (shards, given) => {
        const shares = sharesOf(shards, given);
        const again = given.map(({ memberId }) => ({ memberId, owned: shares.get(memberId) ?? [] }));
        for (const [memberId, share] of sharesOf(shards, again))
          expect(new Set(share)).toEqual(new Set(shares.get(memberId)));
      }),
    );
  });

  test('move only as far as they must when a member comes', () => {
    const before = [
      { memberId: 'a', owned: [0, 1, 2] },
      { memberId: 'b', owned: [3, 4, 5] },
    ];
    const shares = sharesOf(6, [...before, { memberId: 'c', owned: [] }]);
    expect(shares.get('a')).toEqual([0, 1]);
    expect(shares.get('b')).toEqual([3, 4]);
    expect(shares.get('c')).toEqual([2, 5]);
  });
});
