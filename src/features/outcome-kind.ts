/** What can become of an attempt, as histories count it. The numbers are stored; they never change. */
export const OUTCOME_KINDS = {
  posted: 1,
  denied: 2,
  rejected: 3,
  issuerDeclined: 4,
  reversed: 5,
  fraud: 6,
} as const;

export type OutcomeKind = keyof typeof OUTCOME_KINDS;
