/**
 * Feature values are float32. Three kinds of missing are three different numbers (F6), far from
 * anything that a feature can be, and never zero.
 */

/** The payment did not carry what the feature needs. */
export const NOT_SENT: number = Math.fround(-1e30);
/** There is nothing yet to compute it from. */
export const NO_HISTORY: number = Math.fround(-2e30);
/** The history is there and could not be read. */
export const UNREADABLE: number = Math.fround(-3e30);

export function isMissing(value: number): boolean {
  return value <= NOT_SENT;
}

/** In words, in the order of `missingKindIndex`. */
export const MISSING_KINDS = ['not sent', 'no history', 'unreadable'] as const;

export type MissingKind = (typeof MISSING_KINDS)[number];

/** The kind's place in `MISSING_KINDS`; only for values of which `isMissing` is true. */
export function missingKindIndex(value: number): 0 | 1 | 2 {
  if (value === NOT_SENT) return 0;
  return value === NO_HISTORY ? 1 : 2;
}
