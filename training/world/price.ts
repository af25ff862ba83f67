/**
 * Owns the last two digits of every amount. One distribution serves shops, transfers and attackers
 * alike, so cents carry no news. The shares follow the price endings that retail surveys report:
 * .99, .00 and .95 lead (Schindler & Kirby, J. Consumer Research 24(2), 1997).
 */
import type { Random } from './random.ts';

const ENDINGS = [99, 0, 95, 50, 90, 49] as const;
const ENDING_WEIGHTS = [0.28, 0.22, 0.08, 0.08, 0.06, 0.05, 0.23] as const;

/** Minor units near `units` of currency, with an ending that shops use; never below one unit. */
export function priceNear(units: number, random: Random): number {
  const whole = Math.max(1, Math.floor(units));
  const ending = ENDINGS[random.weighted(ENDING_WEIGHTS)] ?? random.below(100);
  return whole * 100 + ending;
}
