import { expect, test } from 'vitest';
import { createSipHash } from '#src/features/sip-hash.ts';

const KEY = Uint8Array.from({ length: 16 }, (_, index) => index);

/** From the reference implementation's `vectors_sip64`: the hash of the bytes 0, 1, 2, … with the key 0…15. */
const VECTORS: readonly (readonly [length: number, hash: string])[] = [
  [0, '726fdb47dd0e0e31'],
  [1, '74f839c593dc67fd'],
  [7, 'ab0200f58b01d137'],
  [8, '93f5f5799a932462'],
  [15, 'a129ca6149be45e5'],
  [63, '958a324ceb064572'],
];

function hashOf(key: Uint8Array, text: Uint8Array): string {
  const bytes = new Uint8Array(text.length + 8);
  bytes.set(text);
  const out = new Uint32Array(2);
  createSipHash(key)({ bytes, length: text.length }, out, 0);
  return [...out]
    .toReversed()
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('');
}

test.each(VECTORS)('SipHash-2-4 of %i bytes is that of the reference', (length, hash) => {
  expect(
    hashOf(
      KEY,
      Uint8Array.from({ length }, (_, index) => index),
    ),
  ).toBe(hash);
});

test('another key gives another hash', () => {
  const text = new TextEncoder().encode('card:4242');
  expect(hashOf(KEY.toReversed(), text)).not.toBe(hashOf(KEY, text));
});

test('a key of another length is refused', () => {
  expect(() => createSipHash(new Uint8Array(15))).toThrow('16 bytes');
});
