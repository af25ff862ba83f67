/**
 * What each step of the policy asks for on one payment: a hit on the block list, every limit that is
 * passed, and then one of allow list, degradation and score.
 */
import type { DecisionBasis, DecisionReason, DegradedCause, Outcome } from '#src/domain/decision.ts';
import type { DecisionContext, DecisionInput } from './decision-input.ts';
import { degradedActionsFor, thresholdsFor, type Policy, type WithheldOutcome } from './policy.ts';
import { blockReason, degradedReason, limitReason, scoreReason } from './reasons.ts';

export interface Claim {
  readonly outcome: Outcome;
  readonly basis: DecisionBasis;
  /** Absent where the claim is to approve. */
  readonly reason?: DecisionReason;
}

/** From mildest to strictest. */
const STRICTNESS: Readonly<Record<Outcome | 'score', number>> = {
  score: 0,
  approve: 0,
  challenge: 1,
  review: 2,
  deny: 3,
};

export function isStricter(one: Outcome, other: Outcome): boolean {
  return STRICTNESS[one] > STRICTNESS[other];
}

/**
 * Never empty. Among claims to the same outcome the first gives the decision its name: a block, then
 * a degradation (so that what is held for it is scored again before people see it), then limits.
 */
export function claimsOf(context: DecisionContext, input: DecisionInput): readonly Claim[] {
  const blocked = context.state.list('block').find(input.payment, input.shardTime);
  if (blocked) {
    return [{ outcome: 'deny', basis: { step: 'block', ref: blocked.id }, reason: blockReason(blocked) }];
  }
  const last = lastClaim(context, input);
  const limits = limitClaims(context, input);
  if (limits.length === 0) return [last];
  return last.basis.step === 'degraded' ? [last, ...limits] : [...limits, last];
}

const NO_CLAIMS: readonly Claim[] = [];

/** A missing value is far below every limit, so it passes none. */
function limitClaims(
  { state, words }: DecisionContext,
  { vectors, offset }: DecisionInput,
): readonly Claim[] {
  let claims: Claim[] | undefined;
  for (const limit of state.policy.limits) {
    const value = vectors[offset + limit.featureIndex];
    if (value === undefined)
      throw new Error(`limit ${limit.code} stands on a feature that the vector does not have`);
    if (value <= limit.above) continue;
    claims ??= [];
    claims.push({
      outcome: limit.outcome,
      basis: { step: 'limit', ref: limit.code },
      reason: limitReason(limit, value, words),
    });
  }
  return claims ?? NO_CLAIMS;
}

function lastClaim({ state }: DecisionContext, input: DecisionInput): Claim {
  const allowed =
    mayBeAllowed(state.policy, input) && state.list('allow').find(input.payment, input.shardTime);
  if (allowed) return { outcome: 'approve', basis: { step: 'allow', ref: allowed.id } };
  return degradedClaim(state.policy, input) ?? scoreClaim(state.policy, input);
}

/** An allow entry does not outrank a limit, so neither does it one that could not be read (D3). */
function mayBeAllowed(policy: Policy, { degraded }: DecisionInput): boolean {
  return policy.limits.length === 0 || !degraded.includes('features');
}

/** Undefined when nothing is degraded, or the policy lets the score decide all the same. */
function degradedClaim(policy: Policy, { degraded, payment }: DecisionInput): Claim | undefined {
  if (degraded.length === 0) return undefined;
  const { amount, asset } = payment.facts;
  if (amount < policy.degraded.approveBelow) return undefined;
  const actions = degradedActionsFor(policy, asset, amount);
  const strictness = (cause: DegradedCause): number => STRICTNESS[actions[cause]];
  const cause = degraded.reduce((strictest, one) =>
    strictness(one) > strictness(strictest) ? one : strictest,
  );
  const action = actions[cause];
  if (action === 'score') return undefined;
  return { outcome: action, basis: { step: 'degraded', ref: cause }, reason: degradedReason(cause, action) };
}

function scoreClaim(policy: Policy, { score, model, payment }: DecisionInput): Claim {
  const thresholds = thresholdsFor(policy, payment.facts.asset, payment.facts.amount);
  const outcome = outcomeOfScore(score, thresholds);
  const basis: DecisionBasis = { step: 'score', ref: model };
  return outcome === 'approve'
    ? { outcome, basis }
    : { outcome, basis, reason: scoreReason(outcome, score, thresholds[outcome]) };
}

function outcomeOfScore(score: number, thresholds: Readonly<Record<WithheldOutcome, number>>): Outcome {
  if (score >= thresholds.deny) return 'deny';
  if (score >= thresholds.review) return 'review';
  return score >= thresholds.challenge ? 'challenge' : 'approve';
}
