import { describe, expect, test } from 'vitest';
import { canonicalListValue, listKindProblem, type ListKind } from '#src/domain/list-entry.ts';

describe('the value of a list entry', () => {
  test.each<[ListKind, string, string]>([
    ['ip', '2001:DB8::0:1', '2001:db8::1'],
    ['ip', '::ffff:203.0.113.7', '203.0.113.7'],
    ['prefix', '203.0.113.77/24', '203.0.113.0/24'],
    ['prefix', '203.0.113.77/32', '203.0.113.77/32'],
    ['prefix', '2001:db8:1:2:3:4:5:6/48', '2001:db8:1::/48'],
    ['country', 'de', 'DE'],
    ['bin', '424242', '424242'],
    ['card', 'c_1', 'c_1'],
  ])('of kind %s: %s is compared as %s', (kind, value, expected) => {
    expect(canonicalListValue(kind, value)).toBe(expected);
  });

  test.each<[ListKind, string]>([
    ['ip', '203.0.113'],
    ['prefix', '203.0.113.0'],
    ['prefix', '203.0.113.0/33'],
    ['prefix', '0.0.0.0/7'],
    ['prefix', '::/0'],
    ['country', 'DEU'],
    ['bin', '42424'],
    ['card', ''],
  ])('of kind %s: "%s" is refused', (kind, value) => {
    expect(canonicalListValue(kind, value)).toBeUndefined();
  });

  test('a whole country may be blocked, and not allowed', () => {
    expect(listKindProblem('block', 'country')).toBeUndefined();
    expect(listKindProblem('allow', 'country')).toContain('too wide');
  });
});
