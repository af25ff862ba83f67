/**
 * Owns cards: tokens with the few facts that travel beside a number. There are no numbers anywhere,
 * and a BIN of six digits is too short to be taken for one.
 */
import type { Mint } from './mint.ts';
import { hashNumbers } from './random.ts';
import type { Random } from './random.ts';

/** `blocked`: reported and stopped. `invalid`: guessed by an attacker, such a card was never issued. */
export type CardState = 'live' | 'blocked' | 'invalid';

export interface Card {
  readonly id: string;
  readonly bin: string;
  readonly country: string;
  readonly brand: 'visa' | 'mastercard';
  readonly funding: 'credit' | 'debit' | 'prepaid';
  state: CardState;
  /** Whether a payment with it has been seen. */
  seen: boolean;
}

/** Banks that issue cards in each country; a country has a few large ones. */
const BINS_PER_COUNTRY = 24;

/** The `rank`-th BIN of a country: 4xxxxx is Visa's, 51xxxx to 55xxxx Mastercard's (ISO/IEC 7812). */
function binOf(country: string, rank: number): Pick<Card, 'bin' | 'brand'> {
  const hash = hashNumbers(country.charCodeAt(0), country.charCodeAt(1), rank);
  if (hash % 10 < 6) return { bin: `4${String(hash % 100_000).padStart(5, '0')}`, brand: 'visa' };
  return { bin: `5${1 + (hash % 5)}${String(hash % 10_000).padStart(4, '0')}`, brand: 'mastercard' };
}

export interface CardMaker {
  readonly mint: Mint;
  readonly random: Random;
}

export function makeCard(country: string, maker: CardMaker, state: CardState = 'live'): Card {
  const { random } = maker;
  const rank = Math.min(random.below(BINS_PER_COUNTRY), random.below(BINS_PER_COUNTRY));
  return cardOfBin({ country, ...binOf(country, rank) }, maker, state);
}

/** Where banks without branches are at home, whose customers live elsewhere. */
const DIRECT_BANKS_AT = ['DE', 'BE', 'IE', 'GB'];
/** Where other people who moved here had their account before. */
const FORMER_HOMES = ['PL', 'RO', 'TR', 'IT', 'ES', 'FR', 'PT', 'CH', 'US', 'SE'];

/** The country of the bank of somebody who lives in `country`. */
export function bankCountry(country: string, foreignShare: number, random: Random): string {
  if (!random.chance(foreignShare)) return country;
  return random.pick(random.chance(0.6) ? DIRECT_BANKS_AT : FORMER_HOMES);
}

/** One more card of a given bank, as when an attacker guesses numbers within a BIN. */
export function cardOfBin(
  issuer: Pick<Card, 'bin' | 'brand' | 'country'>,
  maker: CardMaker,
  state: CardState,
): Card {
  const funding =
    (['debit', 'credit', 'prepaid'] as const)[maker.random.weighted([0.55, 0.38, 0.07])] ?? 'debit';
  return {
    id: maker.mint.next('c_'),
    bin: issuer.bin,
    brand: issuer.brand,
    country: issuer.country,
    funding,
    state,
    seen: false,
  };
}
