import { describe, expect, it } from 'vitest';
import { differingPaths } from '#src/ingest/differing-paths.ts';

describe('two bodies with one id', () => {
  it('are told apart by the paths that differ, sorted', () => {
    const first = { amount: 1, card: { id: 'a', bin: '424242' }, note: 'x' };
    const second = { amount: 2, card: { id: 'a', country: 'DE' }, note: 'x' };
    expect(differingPaths(first, second)).toEqual(['amount', 'card.bin', 'card.country']);
  });

  it('that are the same differ nowhere', () => {
    expect(differingPaths({ a: { b: 1 } }, { a: { b: 1 } })).toEqual([]);
  });

  it('name no card number in a path', () => {
    expect(differingPaths({ metadata: { '4242424242424242': 'x' } }, {})).toEqual(['metadata']);
    expect(differingPaths({ '4242424242424242': 1 }, {})).toEqual(['[card number ending 4242]']);
  });
});
