import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ListIndex } from '#src/decision/list-index.ts';
import { canonicalListValue, type ListEntry, type ListKind } from '#src/domain/list-entry.ts';
import { entryOf, requestOf, START, type RequestParts } from '#test/support/decision-setup.ts';

function find(entries: readonly Partial<ListEntry>[], parts: RequestParts): string | undefined {
  return new ListIndex(entries.map((entry) => entryOf(entry))).find(requestOf(parts), START)?.id;
}

describe('a list', () => {
  test.each<[ListKind, string, RequestParts]>([
    ['account', 'customer:9', { facts: { debtor: 'customer:9' } }],
    ['creditor', 'merchant:9', { facts: { creditor: 'merchant:9' } }],
    ['card', 'c_9', { personal: { cardId: 'c_9' } }],
    ['device', 'd_9', { personal: { device: { id: 'd_9' } } }],
    ['email', 'e_9', { personal: { emailHash: 'e_9' } }],
    ['merchant', 'm_9', { facts: { merchant: { id: 'm_9' } } }],
    ['ip', '203.0.113.7', { personal: { ip: '203.0.113.7' } }],
    ['prefix', '203.0.113.0/24', { personal: { ip: '203.0.113.7' } }],
    ['prefix', '2001:db8::/32', { personal: { ip: '2001:db8:7::1' } }],
    ['bin', '424242', { facts: { card: { bin: '42424299' } } }],
    ['bin', '42424299', { facts: { card: { bin: '42424299' } } }],
    ['country', 'KP', { facts: { card: { country: 'KP' } } }],
    ['country', 'KP', { facts: { billing: { country: 'KP' } } }],
    ['country', 'KP', { facts: { shipping: { country: 'KP' } } }],
    ['country', 'KP', { facts: { merchant: { id: 'm', country: 'KP' } } }],
  ])('finds a payment by %s %s', (kind, value, parts) => {
    expect(find([{ id: 'hit', kind, value }], parts)).toBe('hit');
    expect(find([{ id: 'hit', kind, value }], {})).toBeUndefined();
  });

  test('names the narrowest of several ranges', () => {
    const entries = ['203.0.0.0/16', '203.0.113.0/24', '203.0.113.128/25'].map((value) => ({
      id: value,
      kind: 'prefix' as const,
      value,
    }));
    expect(find(entries, { personal: { ip: '203.0.113.7' } })).toBe('203.0.113.0/24');
  });

  test('does not mistake a debtor for a creditor of the same name', () => {
    expect(find([{ kind: 'creditor', value: 'a' }], { facts: { debtor: 'a' } })).toBeUndefined();
  });

  test('does not find an entry from its end on, but another one for the same value', () => {
    const ended = { id: 'ended', expiresAt: START };
    const lasting = { id: 'lasting', expiresAt: START + 1 };
    expect(find([ended], {})).toBeUndefined();
    expect(find([ended, lasting], { facts: { debtor: 'customer:1' } })).toBe('lasting');
  });

  test('finds the other entry when one of two for a value is removed', () => {
    const list = new ListIndex([entryOf({ id: 'one' }), entryOf({ id: 'two' })]);
    list.remove('one');
    expect(list.find(requestOf(), START)?.id).toBe('two');
    list.remove('two');
    expect(list.find(requestOf(), START)).toBeUndefined();
  });

  test('after any additions and removals finds what a search through all entries finds', () => {
    const value = fc.constantFrom(
      '203.0.113.7/32',
      '203.0.113.0/24',
      '203.0.0.0/16',
      '198.51.100.0/24',
      '2001:db8::/32',
    );
    const step = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), value, add: fc.boolean() });
    const ip = fc.constantFrom('203.0.113.7', '203.0.113.8', '203.0.9.9', '198.51.100.1', '2001:db8::1');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), ip, (steps, address) => {
        const list = new ListIndex();
        const inForce = new Map<string, string>();
        for (const { id, value: range, add } of steps) {
          if (add) list.add(entryOf({ id, kind: 'prefix', value: range }));
          else list.remove(id);
          if (add) inForce.set(id, range);
          else inForce.delete(id);
        }
        const found = list.find(requestOf({ personal: { ip: address } }), START);
        const covering = [...inForce.values()].filter((range) => covers(range, address));
        expect(found === undefined).toBe(covering.length === 0);
        if (found) expect(covering).toContain(found.value);
      }),
    );
  });
});

function covers(range: string, address: string): boolean {
  return canonicalListValue('prefix', `${address}/${range.split('/')[1]}`) === range;
}
