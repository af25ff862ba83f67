/**
 * How a feature says that it has no value (F6). Three different things, none of them zero:
 *
 * - `NOT_SENT`: the source did not send the field that the feature is made of;
 * - `NO_HISTORY`: the field is there, but nothing is known about it yet;
 * - `UNREADABLE`: the history could not be read, so that the decision is degraded.
 *
 * They are powers of two far below every real value: exact as a 32-bit float, ordinary numbers for
 * `===`, and found with one comparison. A vector holds them as they are; the normaliser of a model
 * turns them into a neutral value and an indicator.
 */

export const NOT_SENT = -(2 ** 100);
export const NO_HISTORY = -(2 ** 101);
export const UNREADABLE = -(2 ** 102);

export const MISSING_KINDS = ['not sent', 'no history', 'unreadable'] as const;

export type MissingKind = (typeof MISSING_KINDS)[number];

/** Every real value is above this. */
export function isMissing(value: number): boolean {
  return value <= NOT_SENT;
}

/** The place of the kind in `MISSING_KINDS`; only for values of which `isMissing` is true. */
export function missingKindIndex(value: number): 0 | 1 | 2 {
  if (value === NOT_SENT) return 0;
  return value === NO_HISTORY ? 1 : 2;
}
