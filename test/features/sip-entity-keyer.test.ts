import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PaymentRequest } from '#src/domain/payment.ts';
import { KEY_BYTES, KEY_WORDS, SLOTS } from '#src/features/key-layout.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';

const keyer = createEntityKeyer({ key: Uint8Array.from({ length: 16 }, (_, index) => index) });

const REQUEST: PaymentRequest = {
  facts: {
    id: 'pay_1',
    occurredAt: 0,
    amount: 100,
    asset: 'EUR',
    debtor: 'customer:1',
    creditor: 'merchant:1',
    capture: 'automatic',
  },
  personal: {},
};

function slot(keys: Uint8Array, at: number): string {
  const words = new Uint32Array(keys.slice().buffer, 0, KEY_WORDS);
  return `${words[2 * at + 1]}:${words[2 * at]}`;
}

function keysOfIp(ip: string): { readonly ip: string; readonly network: string } {
  const keys = keyer.ofPayment({ ...REQUEST, personal: { ip } });
  return { ip: slot(keys, SLOTS.ip), network: slot(keys, SLOTS.ipNetwork) };
}

test('what was not sent has the key zero, what was has another', () => {
  const keys = keyer.ofPayment(REQUEST);
  expect(keys).toHaveLength(KEY_BYTES);
  expect(slot(keys, SLOTS.account)).not.toBe('0:0');
  for (const at of [
    SLOTS.card,
    SLOTS.device,
    SLOTS.ip,
    SLOTS.ipNetwork,
    SLOTS.merchant,
    SLOTS.email,
    SLOTS.bin,
  ]) {
    expect(slot(keys, at)).toBe('0:0');
  }
});

test('one name has different keys as an account, a creditor and a card', () => {
  const keys = keyer.ofPayment({
    facts: { ...REQUEST.facts, creditor: 'customer:1' },
    personal: { cardId: 'customer:1' },
  });
  const found = [SLOTS.account, SLOTS.creditor, SLOTS.card].map((at) => slot(keys, at));
  expect(new Set(found).size).toBe(3);
  expect(slot(keys, SLOTS.debtorAsCreditor)).toBe(slot(keys, SLOTS.creditor));
  expect(slot(keys, SLOTS.creditorAsAccount)).toBe(slot(keys, SLOTS.account));
});

test('an IPv4 address shares its network with its /24, an IPv6 address is its /64 and shares its /48', () => {
  expect(keysOfIp('203.0.113.7').ip).not.toBe(keysOfIp('203.0.113.8').ip);
  expect(keysOfIp('203.0.113.7').network).toBe(keysOfIp('203.0.113.8').network);
  expect(keysOfIp('203.0.113.7').network).not.toBe(keysOfIp('203.0.112.7').network);
  expect(keysOfIp('2001:db8:1:2::1').ip).toBe(keysOfIp('2001:db8:1:2:ffff::9').ip);
  expect(keysOfIp('2001:db8:1:2::1').ip).not.toBe(keysOfIp('2001:db8:1:3::1').ip);
  expect(keysOfIp('2001:db8:1:2::1').network).toBe(keysOfIp('2001:db8:1:3::1').network);
  expect(keysOfIp('2001:db8:1:2::1').network).not.toBe(keysOfIp('2001:db8:2:2::1').network);
});

test('an IPv4 address mapped into IPv6 is the IPv4 address', () => {
  expect(keysOfIp('::ffff:203.0.113.7')).toEqual(keysOfIp('203.0.113.7'));
});

test('a label on an entity finds the history that payments fill', () => {
  const keys = keyer.ofPayment({
    facts: { ...REQUEST.facts, merchant: { id: 'm_7' } },
    personal: { cardId: 'c_1', ip: '203.0.113.7' },
  });
  expect(slot(keyer.ofEntity('card', 'c_1'), SLOTS.card)).toBe(slot(keys, SLOTS.card));
  expect(slot(keyer.ofEntity('merchant', 'm_7'), SLOTS.merchant)).toBe(slot(keys, SLOTS.merchant));
  const address = keyer.ofEntity('ip', '203.0.113.7');
  expect(slot(address, SLOTS.ip)).toBe(slot(keys, SLOTS.ip));
  expect(slot(address, SLOTS.ipNetwork)).toBe('0:0');
  expect(slot(keyer.ofSignal({ account: 'customer:1' }), SLOTS.account)).toBe(slot(keys, SLOTS.account));
});

test('any text gets the same key again, and no key is shared by two texts', () => {
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), (id) => {
      const key = slot(keyer.ofEntity('email', id), SLOTS.email);
      expect(slot(keyer.ofEntity('email', id), SLOTS.email)).toBe(key);
      expect(seen.get(key) ?? id).toBe(id);
      seen.set(key, id);
    }),
  );
});
