/** Why money of a posted payment goes back. A chargeback or a recall has happened outside (L9). */
export const REVERSAL_KINDS = ['refund', 'chargeback', 'recall', 'correction'] as const;
export type ReversalKind = (typeof REVERSAL_KINDS)[number];
