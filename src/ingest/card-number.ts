/**
 * Finds card numbers (PANs) in text, so that none is ever stored, logged or repeated.
 *
 * Owns: what counts as a card number. A whole token (bounded by anything that is neither letter nor
 * digit), or digits in the groups in which cards print them, that has a brand's prefix, a length that
 * the brand uses and a valid Luhn check digit (ISO/IEC 7812-1). All three are asked for, because one
 * in ten random numbers passes the Luhn check alone: time stamps and IMEIs are not card numbers.
 *
 * Leaves to others: what to do about one (refuse in our own fields, mask in metadata).
 */

/** The shortest (Maestro) and longest number a card can have. */
const SHORTEST = 12;
const LONGEST = 19;

interface Brand {
  readonly prefix: RegExp;
  readonly lengths: readonly number[];
}

const FROM_16_TO_19 = [16, 17, 18, 19];

/** Issuer ranges as the schemes publish them. */
const BRANDS: readonly Brand[] = [
  { prefix: /^4/, lengths: [13, 16, 18, 19] }, // Visa
  { prefix: /^5[1-5]/, lengths: [16] }, // Mastercard
  { prefix: /^2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)/, lengths: [16] }, // Mastercard, 2-series
  { prefix: /^3[47]/, lengths: [15] }, // American Express
  { prefix: /^3(?:0[0-5]|095|[689])/, lengths: [14, ...FROM_16_TO_19] }, // Diners Club
  { prefix: /^35(?:2[89]|[3-8]\d)/, lengths: FROM_16_TO_19 }, // JCB
  { prefix: /^6(?:011|4[4-9]|5)/, lengths: FROM_16_TO_19 }, // Discover
  { prefix: /^(?:62|81)/, lengths: FROM_16_TO_19 }, // UnionPay
  { prefix: /^220[0-4]/, lengths: FROM_16_TO_19 }, // Mir
  { prefix: /^(?:60|82|508)/, lengths: [16] }, // RuPay
  { prefix: /^(?:50(?:18|20|38)|5893|6304|6759|676[1-3])/, lengths: [12, 13, 14, 15, ...FROM_16_TO_19] }, // Maestro
];

/** Digits alone, or in printed groups: 4-4-4-4, 4-4-4-4-3, 4-6-5, 4-6-4, with one kind of separator. */
const CANDIDATE =
  /(?<![0-9A-Za-z])(?:\d{12,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5})(?![0-9A-Za-z])/g;

/** True if the text holds a card number anywhere. Costs a few nanoseconds for text without many digits. */
export function containsCardNumber(text: string): boolean {
  if (!mayHoldCardNumber(text)) return false;
  for (const match of text.matchAll(CANDIDATE)) if (isCardNumber(match[0])) return true;
  return false;
}

/** The text with every card number replaced by words that flag it and its last four digits. */
export function maskCardNumbers(text: string): string {
  if (!mayHoldCardNumber(text)) return text;
  return text.replace(CANDIDATE, (found) => (isCardNumber(found) ? mask(found) : found));
}

/** A cheap first look: is there a run of digits, blanks and dashes with as many digits as the shortest number? */
function mayHoldCardNumber(text: string): boolean {
  if (text.length < SHORTEST) return false;
  let digits = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) digits += 1;
    else if (code !== 32 && code !== 45) digits = 0;
    if (digits === SHORTEST) return true;
  }
  return false;
}

function isCardNumber(candidate: string): boolean {
  const digits = candidate.replaceAll(/[ -]/g, '');
  if (digits.length < SHORTEST || digits.length > LONGEST) return false;
  const branded = BRANDS.some((brand) => brand.lengths.includes(digits.length) && brand.prefix.test(digits));
  return branded && passesLuhn(digits);
}

/** The Luhn check of ISO/IEC 7812-1 annex B: every second digit from the right doubled, digit sums added. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Says that something was taken out, so that a reader does not take the rest for the whole. */
function mask(found: string): string {
  return `[card number ending ${found.slice(-4)}]`;
}
