/**
 * From claims to what happens: the strictest claim, unless its source is tripped (the decline
 * breaker, D4) or the reviewers that it asks for have no time left in this hour.
 */
import type { DecisionMode, DecisionReason, Diversion, Outcome } from '#src/domain/decision.ts';
import { isStricter, type Claim } from './claims.ts';
import type { DecisionState } from './decision-state.ts';
import { breakerReason, capacityReason } from './reasons.ts';

export interface Verdict {
  readonly outcome: Outcome;
  /** The claim that the decision is named after. */
  readonly claim: Claim;
  readonly diverted: readonly Diversion[];
  /** Why it was diverted. */
  readonly reasons: readonly DecisionReason[];
}

export interface Settling {
  readonly state: DecisionState;
  readonly mode: DecisionMode;
  readonly shardTime: number;
  /** Moves no money, so that a review holds nothing and nobody works on it. */
  readonly isVerification: boolean;
}

export function settleClaims(claims: readonly Claim[], settling: Settling): Verdict {
  const strictest = claims.reduce((one, other) => (isStricter(other.outcome, one.outcome) ? other : one));
  if (strictest.outcome === 'approve' || strictest.outcome === 'challenge') return undiverted(strictest);
  const verdict = strictest.outcome === 'deny' ? heedBreaker(claims, settling) : undiverted(strictest);
  return verdict.outcome === 'review' ? heedCapacity(verdict, settling) : verdict;
}

const NOTHING: readonly never[] = [];

function undiverted(claim: Claim): Verdict {
  return { outcome: claim.outcome, claim, diverted: NOTHING, reasons: NOTHING };
}

/** A denial stands if one of those who ask for it is not tripped. */
function heedBreaker(claims: readonly Claim[], { state, mode, shardTime }: Settling): Verdict {
  const denials = claims.filter((claim) => claim.outcome === 'deny');
  const rule = state.policy.breaker;
  const standing = denials.find(
    (claim) => !rule || !state.counters(mode).isTripped(rule, claim.basis, shardTime),
  );
  if (standing) return undiverted(standing);
  const [first] = denials;
  if (!first) throw new Error('a denial that nobody claims');
  return {
    outcome: 'review',
    claim: first,
    diverted: ['breaker'],
    reasons: [breakerReason(first.basis.ref)],
  };
}

/** What waits for a rescore takes nobody's time yet. */
function heedCapacity(verdict: Verdict, { state, mode, shardTime, isVerification }: Settling): Verdict {
  const { review, breaker } = state.policy;
  if (review.maxPerHour === undefined || isVerification || verdict.claim.basis.step === 'degraded')
    return verdict;
  const reviews = state.counters(mode).reviewsInLastHour(shardTime);
  if (reviews < review.maxPerHour) return verdict;
  const outcome = breaker && verdict.diverted.includes('breaker') ? breaker.overflow : review.overflow;
  if (outcome === 'review') return verdict;
  return {
    outcome,
    claim: verdict.claim,
    diverted: [...verdict.diverted, 'capacity'],
    reasons: [...verdict.reasons, capacityReason(reviews, outcome)],
  };
}
