/**
 * A policy as decisions use it: checked, with its durations in milliseconds, its limits bound to
 * places in the feature vector and its bands in order. Made by `compilePolicy` from the file.
 */
import type { DecisionMode, DegradedCause, Outcome } from '#src/domain/decision.ts';

/** What a rule may ask for; approving is what happens when no rule speaks. */
export type WithheldOutcome = Exclude<Outcome, 'approve'>;

/** Calibrated probabilities, at or above which the outcome is reached; above 1 nothing is. */
export interface Thresholds {
  readonly challenge: number;
  readonly review: number;
  readonly deny: number;
}

export interface ThresholdBand {
  /** The largest amount of the band, minor units. */
  readonly upTo: number;
  readonly thresholds: Thresholds;
}

/** A hard limit on one feature: above it, the outcome is at least `outcome`. */
export interface Limit {
  readonly code: string;
  readonly featureIndex: number;
  /** Exclusive, and a 32-bit float as the feature is. */
  readonly above: number;
  readonly outcome: WithheldOutcome;
}

/** `score` lets the score decide although something was missing; the others withhold. */
export type DegradedAction = WithheldOutcome | 'score';

export type DegradedActions = Readonly<Record<DegradedCause, DegradedAction>>;

export interface DegradedBand {
  readonly upTo: number;
  readonly actions: DegradedActions;
}

export interface DegradedRules {
  readonly actions: DegradedActions;
  /** By asset, smallest `upTo` first. */
  readonly bands: ReadonlyMap<string, readonly DegradedBand[]>;
  /** Minor units of the payment's own asset; below it the score decides. 0 for never. */
  readonly approveBelow: number;
  /** What a client is told that does not wait for the decision. */
  readonly late: WithheldOutcome;
  /** How long a payment waits to be scored again. */
  readonly rescoreWithinMs: number;
}

export interface ReviewRules {
  readonly expiresAfterMs: number;
  /** How long a reviewer's decision can be taken back before money moves. */
  readonly undoSeconds: number;
  /** Reviews that people can do; undefined for no limit. */
  readonly maxPerHour: number | undefined;
  /** What becomes of a review that is one too many. */
  readonly overflow: Exclude<Outcome, 'review'>;
}

/** Stops a model or a limit from declining everybody (D4). */
export interface BreakerRule {
  readonly windowMs: number;
  /** Trips when more than this share of all decisions of the window are one source's denials … */
  readonly aboveShare: number;
  /** … and the window has at least so many decisions, since a share of few says nothing … */
  readonly minimumDecisions: number;
  /** … or when one source has more denials than this, whatever their share. */
  readonly aboveCount: number;
  /** Where its denials go when reviewers have no room: `review` queues them beyond `maxPerHour`. */
  readonly overflow: Exclude<Outcome, 'deny'>;
}

export interface Policy {
  readonly version: string;
  readonly mode: DecisionMode;
  /** Of the payments, the share that is enforced; the others are observed. */
  readonly enforceShare: number;
  /** For amounts and assets that no band covers. */
  readonly thresholds: Thresholds;
  /** By asset, smallest `upTo` first. */
  readonly bands: ReadonlyMap<string, readonly ThresholdBand[]>;
  readonly limits: readonly Limit[];
  readonly degraded: DegradedRules;
  readonly review: ReviewRules;
  readonly challenge: { readonly expiresAfterMs: number };
  readonly capture: { readonly expiresAfterMs: number };
  /** Undefined when switched off. */
  readonly breaker: BreakerRule | undefined;
  /** The share of fraud that scores are calibrated to; `auto` keeps the model's own. */
  readonly baseRate: 'auto' | number;
}

/** The thresholds for a payment: those of the narrowest band that covers it. */
export function thresholdsFor(policy: Policy, asset: string, amountMinor: number): Thresholds {
  return bandFor(policy.bands.get(asset), amountMinor)?.thresholds ?? policy.thresholds;
}

/** What each cause of a degradation leads to for a payment. */
export function degradedActionsFor(policy: Policy, asset: string, amountMinor: number): DegradedActions {
  return bandFor(policy.degraded.bands.get(asset), amountMinor)?.actions ?? policy.degraded.actions;
}

function bandFor<Band extends { readonly upTo: number }>(
  bands: readonly Band[] | undefined,
  amountMinor: number,
): Band | undefined {
  return bands?.find((band) => amountMinor <= band.upTo);
}
