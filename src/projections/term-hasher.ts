/**
 * What records can be found by. A term is a kind and a value ("card c_9f2"); the index knows it only
 * by a hash of 64 bits under a seed of the store's own, so that no card, device or address stands in
 * it in the clear. The lowest bit of the hash says whether the term is personal: those are the ones
 * that an erasure takes out.
 *
 * A search compares what it found with the record itself, so two terms of one hash cannot mix up payments.
 */
import { TextHasher } from '#src/domain/text-hasher.ts';

export const TERM_KINDS = [
  'account',
  'creditor',
  'merchant',
  'group',
  'reference',
  /** An account that the record posted to. */
  'postings',
  /** An account that a signal names. */
  'signals',
  /** Records that say what was erased; the value is `ALL_ERASURES`. */
  'erasures',
  'card',
  'device',
  'ip',
  /** Kind and value of a list entry. */
  'listed',
  /** Kind and id of a labelled entity. */
  'labelled',
  'signalDevice',
  'signalIp',
] as const;
export type TermKind = (typeof TERM_KINDS)[number];

export const ALL_ERASURES = 'all';

const FIRST_PERSONAL_KIND = TERM_KINDS.indexOf('card');

export interface HashSeed {
  readonly high: number;
  readonly low: number;
}

/** Holds the hash of the last term. */
export class TermHasher {
  readonly #hasher: TextHasher;
  high = 0;
  low = 0;

  constructor(seed: HashSeed) {
    this.#hasher = new TextHasher(seed.high, seed.low);
  }

  hash(kind: TermKind, value: string): void {
    const kindIndex = TERM_KINDS.indexOf(kind);
    this.#hasher.hash(kindIndex, value);
    const personalBit = kindIndex >= FIRST_PERSONAL_KIND ? 1 : 0;
    this.high = this.#hasher.high;
    this.low = ((this.#hasher.low & ~1) | personalBit) >>> 0;
  }
}

/** Whether a hash with this lower half is of a personal term. */
export function isPersonalHash(low: number): boolean {
  return (low & 1) === 1;
}
