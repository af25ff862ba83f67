/**
 * How the keyed hashes of one payment, signal or label lie in its 104 bytes, little endian. They are
 * all that histories ever learn of who or what took part; they are stored with the payment, so that
 * its outcomes find the same histories after its personal part was erased.
 *
 * | words | what |
 * |---|---|
 * | 2 × 9 | the 64-bit key of each entity in the order of `ENTITY_KINDS`; zero: not sent |
 * | 2 | the debtor's key as a creditor: what it received before it paid |
 * | 2 | the creditor's key as an account: what it paid out of what it received |
 * | 2 | the payment's id |
 * | 1 | traits: country of the address (10 bits), time zone (12 bits); zero: not known |
 * | 1 | autonomous system of the address; zero: not known |
 */
import { ENTITY_KINDS } from '#src/domain/entity.ts';
import type { EntityKind } from '#src/domain/entity.ts';

/** Two places follow those of the entities themselves. */
export const SLOTS = {
  account: 0,
  creditor: 1,
  card: 2,
  device: 3,
  ip: 4,
  ipNetwork: 5,
  merchant: 6,
  email: 7,
  bin: 8,
  debtorAsCreditor: 9,
  creditorAsAccount: 10,
} as const satisfies Record<EntityKind, number> & Record<string, number>;

export const SLOT_COUNT = 11;
export const ID_WORD = 2 * SLOT_COUNT;
export const TRAITS_WORD: number = ID_WORD + 2;
export const AUTONOMOUS_SYSTEM_WORD: number = TRAITS_WORD + 1;
export const KEY_WORDS: number = AUTONOMOUS_SYSTEM_WORD + 1;
export const KEY_BYTES: number = 4 * KEY_WORDS;

const COUNTRY_BITS = 10;
export const COUNTRY_MASK = (1 << COUNTRY_BITS) - 1;
export const TIMEZONE_BITS = 12;
const TIMEZONE_MASK = (1 << TIMEZONE_BITS) - 1;
const LETTER_A = 65;

/** 1 to 676 for `AA` to `ZZ`, 0 for what is not a country code. */
export function countryNumber(code: string | undefined): number {
  if (code?.length !== 2) return 0;
  const first = code.charCodeAt(0) - LETTER_A;
  const second = code.charCodeAt(1) - LETTER_A;
  return first >= 0 && first < 26 && second >= 0 && second < 26 ? first * 26 + second + 1 : 0;
}

export function packTraits(country: number, timezone: number): number {
  return country | (timezone << COUNTRY_BITS);
}

export function countryOfTraits(traits: number): number {
  return traits & COUNTRY_MASK;
}

export function timezoneOfTraits(traits: number): number {
  return (traits >>> COUNTRY_BITS) & TIMEZONE_MASK;
}

/** The slots whose entities stand in a payment's personal part. */
const PERSONAL_SLOTS = [SLOTS.card, SLOTS.device, SLOTS.ip, SLOTS.ipNetwork, SLOTS.email];

/** The keys of a payment whose personal part is erased: what its facts alone would give. */
export function withoutPersonalKeys(keys: Uint8Array): Uint8Array {
  if (keys.length !== KEY_BYTES) return keys;
  const words = new Uint32Array(keys.slice().buffer);
  for (const slot of PERSONAL_SLOTS) words.fill(0, 2 * slot, 2 * slot + 2);
  words[TRAITS_WORD] = 0;
  words[AUTONOMOUS_SYSTEM_WORD] = 0;
  return new Uint8Array(words.buffer);
}

/** Copies keys to where they can be read as words; the bytes may stand at any offset. */
export class KeyReader {
  readonly words: Uint32Array = new Uint32Array(KEY_WORDS);
  readonly #bytes = new Uint8Array(this.words.buffer);

  read(keys: Uint8Array): Uint32Array {
    if (keys.length !== KEY_BYTES)
      throw new RangeError(`entity keys have ${KEY_BYTES} bytes, not ${keys.length}`);
    this.#bytes.set(keys);
    return this.words;
  }
}

/** The entity kinds with their slots, in the order of the slots. */
export const ENTITY_SLOTS: readonly EntityKind[] = ENTITY_KINDS;
