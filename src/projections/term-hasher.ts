/**
 * What records can be found by. A term is a kind and a value ("card c_9f2"); the index knows it only
 * by a hash of 64 bits under a seed of the store's own, so that no card, device or address stands in
 * it in the clear. The lowest bit of the hash says whether the term is personal: those are the ones
 * that an erasure takes out.
 *
 * A search compares what it found with the record itself, so two terms of one hash cannot mix up payments.
 */
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

const FIRST_PERSONAL_KIND = TERM_KINDS.indexOf('card');

export interface HashSeed {
  readonly high: number;
  readonly low: number;
}

/** Multiplication and rotation, the mixing of MurmurHash3 (A. Appleby, public domain). Holds the last hash. */
export class TermHasher {
  readonly #seed: HashSeed;
  high = 0;
  low = 0;

  constructor(seed: HashSeed) {
    this.#seed = seed;
  }

  hash(kind: TermKind, value: string): void {
    const kindIndex = TERM_KINDS.indexOf(kind);
    let high = (this.#seed.high ^ Math.imul(kindIndex + 1, 0x9e3779b1)) | 0;
    let low = (this.#seed.low + kindIndex) | 0;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      high = Math.imul(high ^ code, 0x85ebca6b);
      high ^= high >>> 15;
      low = Math.imul(low ^ code, 0xc2b2ae35);
      low ^= low >>> 13;
    }
    high = Math.imul(high ^ (high >>> 16), 0xc2b2ae35);
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b);
    this.high = (high ^ (high >>> 13)) >>> 0;
    this.low = ((low ^ (low >>> 15)) & ~1) >>> 0;
    if (kindIndex >= FIRST_PERSONAL_KIND) this.low += 1;
  }
}

/** Whether a hash with this lower half is of a personal term. */
export function isPersonalHash(low: number): boolean {
  return (low & 1) === 1;
}
