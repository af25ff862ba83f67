/**
 * What is recorded about one decision on one payment (D1): enough to reproduce it from the stored
 * vector, the named model and the named policy.
 *
 * Owns the words of the record. How a decision is reached is the `decision` stage's work; what it
 * does to the payment is the payment life cycle's.
 */

/** From mildest to strictest; where several rules speak, the strictest is taken. */
export const OUTCOMES = ['approve', 'challenge', 'review', 'deny'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What could not be had in full when the payment was decided (D2). */
export const DEGRADED_CAUSES = ['model', 'features', 'log'] as const;
export type DegradedCause = (typeof DEGRADED_CAUSES)[number];

/** How the policy applied to this one payment: with `observe` nothing is withheld. */
export const DECISION_MODES = ['enforce', 'observe'] as const;
export type DecisionMode = (typeof DECISION_MODES)[number];

/** The step of the policy that spoke the verdict. */
export const DECISION_STEPS = ['block', 'limit', 'allow', 'score', 'degraded'] as const;
export type DecisionStep = (typeof DECISION_STEPS)[number];

/** Why a verdict was turned into another one before it took effect. */
export const DIVERSIONS = ['breaker', 'capacity'] as const;
export type Diversion = (typeof DIVERSIONS)[number];

export interface DecisionBasis {
  readonly step: DecisionStep;
  /** The list entry's id, the limit's code, the model that scored, or the degraded cause. */
  readonly ref: string;
}

export interface DecisionReason {
  /** Stable, for programs: a limit's `code`, `block_card`, `score_deny`, a feature's own code. */
  readonly code: string;
  /** The catalogue's name of the feature that the reason stands on; absent for lists and scores. */
  readonly feature?: string;
  /** The value in words: "7", "no history". Never personal data: a list hit gives the entry's id. */
  readonly value: string;
  /** One sentence for people, written when the decision was taken. */
  readonly text: string;
  /** The feature's part of the score, in log-odds; absent where the reason is not the score's. */
  readonly contribution?: number;
}

export interface DecisionRecord {
  /** 1 for the first; a challenge or a rescore decides again and counts on. */
  readonly number: number;
  readonly outcome: Outcome;
  /** In observe mode what would have happened; absent when the outcome is what happens. */
  readonly wouldBe?: Outcome;
  /** Calibrated probability of fraud, 0 to 1, a 32-bit float. */
  readonly score: number;
  readonly basis: DecisionBasis;
  /** In the order in which they were applied; empty as a rule. */
  readonly diverted: readonly Diversion[];
  /** At least one whenever the outcome, or what it would have been, is not a plain approval. */
  readonly reasons: readonly DecisionReason[];
  /** `name@version` of the model that gave the score, the stand-in's name when it stood in. */
  readonly model: string;
  /** The policy's `version`. */
  readonly policy: string;
  readonly mode: DecisionMode;
  readonly degraded: readonly DegradedCause[];
  /** Shard time, milliseconds since 1970. */
  readonly decidedAt: number;
  /** From the command's arrival in the shard to the decision; measured, so not reproducible. */
  readonly tookMicros: number;
}

/** What a payment that was not ended by its decision waits for. */
export type DecisionHold = 'review' | 'challenge' | 'rescore';

/** The outcome that the policy reached, whether or not it took effect. */
export function reachedOutcome(decision: DecisionRecord): Outcome {
  return decision.wouldBe ?? decision.outcome;
}

/**
 * What the payment waits for after this decision, or undefined when the decision ends it (approve,
 * deny). What was held because of a degradation waits for `rescore`, not for people (D2).
 */
export function holdOf(decision: DecisionRecord): DecisionHold | undefined {
  if (decision.outcome === 'challenge') return 'challenge';
  if (decision.outcome !== 'review') return undefined;
  return decision.basis.step === 'degraded' ? 'rescore' : 'review';
}
