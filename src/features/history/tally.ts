/**
 * What is known of the attempts in one window: exact sums, from which `amountStatistic` makes every
 * feature. It is the only place where sums become averages, so that stores, tiles and tests agree bit
 * for bit.
 */

/** Doubles of one window's tally. */
export const TALLY = {
  count: 0,
  /** Attempts whose amount has an exchange rate. */
  rated: 1,
  sum: 2,
  /** The sum of squares is `squaresHigh * 2^24 + squaresLow`, exactly, the lower part below 2^24. */
  squaresHigh: 3,
  squaresLow: 4,
  max: 5,
  firstSeenCards: 6,
  /** Different values of the first three attributes. */
  distinct: 7,
} as const;
export const TALLY_DOUBLES = 10;

export const SQUARES_UNIT: number = 2 ** 24;

/** What a square adds to the high part at once; `lowSquare` is the rest. For whole amounts up to 2^33. */
export function highSquare(amount: number): number {
  const high = Math.floor(amount / SQUARES_UNIT);
  const low = amount - high * SQUARES_UNIT;
  return high * high * SQUARES_UNIT + 2 * high * low;
}

/** Up to 2^48. */
export function lowSquare(amount: number): number {
  const low = amount % SQUARES_UNIT;
  return low * low;
}

/** Standard deviation of a sample (n - 1) with at least two values. */
export function sampleDeviation(tallies: Float64Array, at: number): number {
  const n = tallies[at + TALLY.rated] ?? 0;
  const sum = tallies[at + TALLY.sum] ?? 0;
  const high = (tallies[at + TALLY.squaresHigh] ?? 0) * SQUARES_UNIT;
  const low = tallies[at + TALLY.squaresLow] ?? 0;
  // n Σa² - (Σa)², whose parts are far larger than their difference: each product with its rounding error.
  const squares = n * high;
  const squaresError = productError({ left: n, right: high, product: squares });
  const squared = sum * sum;
  const squaredError = productError({ left: sum, right: sum, product: squared });
  const difference = squares - squared + (n * low + (squaresError - squaredError));
  return difference > 0 ? Math.sqrt(difference / (n * (n - 1))) : 0;
}

/** 2^27 + 1: splits a double into two halves that multiply exactly (Veltkamp; Dekker 1971). */
const SPLITTER = 134_217_729;

/** `left * right - product` without rounding (Dekker's TwoProduct). */
function productError({ left, right, product }: Record<'left' | 'right' | 'product', number>): number {
  const leftHigh = upperHalf(left);
  const leftLow = left - leftHigh;
  const rightHigh = upperHalf(right);
  const rightLow = right - rightHigh;
  return leftHigh * rightHigh - product + leftHigh * rightLow + leftLow * rightHigh + leftLow * rightLow;
}

function upperHalf(value: number): number {
  const scaled = SPLITTER * value;
  return scaled - (scaled - value);
}
