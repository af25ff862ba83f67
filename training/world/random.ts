/**
 * Owns randomness: everything in the world is drawn from streams that follow from one seed, so a
 * seed gives the same world on every machine. Each actor has a stream of its own; what one actor
 * does therefore never shifts the dice of another, and two policies meet the same people.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand; 128 bits of state, period at least 2^32).
 */

const UINT32_RANGE = 2 ** 32;

/** MurmurHash3's 32-bit finaliser: a bijection on 32-bit integers (Austin Appleby, public domain). */
export function mix32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** One 32-bit number from several; order matters. */
export function hashNumbers(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) hash = mix32(Math.imul(hash, 31) + mix32(part) + Math.floor(part / UINT32_RANGE));
  return hash;
}

export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number, stream: number, index = 0) {
    this.a = hashNumbers(seed, stream, index, 1) | 0;
    this.b = hashNumbers(seed, stream, index, 2) | 0;
    this.c = hashNumbers(seed, stream, index, 3) | 0;
    for (let round = 0; round < 12; round += 1) this.uint32();
  }

  uint32(): number {
    const result = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + result;
    return result >>> 0;
  }

  /** From 0 up to, but without, 1. */
  unit(): number {
    return this.uint32() / UINT32_RANGE;
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** A whole number from 0 to `count - 1`. */
  below(count: number): number {
    return Math.floor(this.unit() * count);
  }

  integerBetween(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }

  /** An index drawn in proportion to its weight. */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let rest = this.unit() * total;
    for (let index = 0; index < weights.length; index += 1) {
      rest -= weights[index] ?? 0;
      if (rest < 0) return index;
    }
    return weights.length - 1;
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Box and Muller's transform, one of its two values. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  logNormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** Knuth's method below 30, rounded normal above: the world needs no more. */
  poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const limit = Math.exp(-mean);
    let product = this.unit();
    let count = 0;
    while (product > limit) {
      product *= this.unit();
      count += 1;
    }
    return count;
  }
}
