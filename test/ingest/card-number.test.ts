import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containsCardNumber, maskCardNumbers } from '#src/ingest/card-number.ts';

/** Published test numbers of the schemes. */
const CARD_NUMBERS = [
  '4242424242424242',
  '4222222222222',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '6011111111111117',
  '3056930009020004',
  '36227206271667',
  '3566002020360505',
  '6200000000000005',
  '5018000000000009',
  '4000056655665556',
];

const NOT_CARD_NUMBERS = [
  '1764000000000', // milliseconds
  '490154203237518', // an IMEI that passes Luhn
  '356938035643809', // another
  '4242424242424241', // fails Luhn
  '42424242424242424242424', // too long
  'a4242424242424242', // part of a longer token
  '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  '2026-11-24T10:15:30.250Z',
  '',
];

describe('card numbers', () => {
  it.each(CARD_NUMBERS)('are found as a whole token: %s', (number) => {
    expect(containsCardNumber(number)).toBe(true);
    expect(containsCardNumber(`card:${number}`)).toBe(true);
    expect(containsCardNumber(`order 1009 ${number}, thanks`)).toBe(true);
  });

  it.each(['4242 4242 4242 4242', '4242-4242-4242-4242', '3782 822463 10005'])(
    'are found in printed groups: %s',
    (number) => expect(containsCardNumber(`paid with ${number}.`)).toBe(true),
  );

  it.each(NOT_CARD_NUMBERS)('are not seen in %s', (text) => expect(containsCardNumber(text)).toBe(false));

  it('are masked to their last four digits, the rest of the text kept', () => {
    expect(maskCardNumbers('card 4242 4242 4242 4242 ok 1764000000000')).toBe(
      'card [card number ending 4242] ok 1764000000000',
    );
  });

  it('are gone once masked, whatever stands around them', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...CARD_NUMBERS), fc.string(), (before, number, after) => {
        expect(containsCardNumber(maskCardNumbers(`${before} ${number} ${after}`))).toBe(false);
      }),
    );
  });
});
