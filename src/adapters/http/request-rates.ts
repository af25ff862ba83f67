/**
 * How many requests a token may make: a bucket for each that fills with time and holds one second's
 * worth. Forgotten with its token, so there are never more buckets than tokens.
 */
import type { Principal } from '#src/ingest/access/token-table.ts';

export interface RequestRatesSettings {
  /** Requests of one token in a second; undefined: as many as it likes. */
  readonly perSecond: number | undefined;
  /** Milliseconds. */
  readonly now: () => number;
}

interface Bucket {
  left: number;
  filledAt: number;
}

export class RequestRates {
  readonly #settings: RequestRatesSettings;
  readonly #buckets = new WeakMap<Principal, Bucket>();

  constructor(settings: RequestRatesSettings) {
    this.#settings = settings;
  }

  /** Takes one request in, or says after how many whole seconds there is room for it. */
  take(principal: Principal): number | undefined {
    const { perSecond } = this.#settings;
    if (perSecond === undefined) return undefined;
    const bucket = this.#filled(principal, perSecond);
    if (bucket.left < 1) return Math.ceil((1 - bucket.left) / perSecond);
    bucket.left--;
    return undefined;
  }

  #filled(principal: Principal, perSecond: number): Bucket {
    const now = this.#settings.now();
    const bucket = this.#buckets.get(principal) ?? { left: perSecond, filledAt: now };
    // A clock that steps back fills nothing.
    const gained = (Math.max(0, now - bucket.filledAt) / 1000) * perSecond;
    bucket.left = Math.min(perSecond, bucket.left + gained);
    bucket.filledAt = now;
    this.#buckets.set(principal, bucket);
    return bucket;
  }
}
