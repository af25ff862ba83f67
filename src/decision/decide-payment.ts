/**
 * Decides one payment: lists, limits, score and degradation each may claim an outcome, and the
 * strictest claim is taken. Breaker and reviewers' capacity may turn it into another one; in observe
 * mode it is only written down.
 *
 * Pure: no clock, no I/O, the same input gives the same record. `docs/decision.md` holds the
 * precedence as a table, which is the test. The caller counts each record (`recordDecision` of the
 * state) before it decides the next payment; then it does not matter how payments were batched.
 *
 * Numbered as in the design: D1 (the record), D2 (degradation), D3 (an allow entry never outranks a
 * block or a hard limit), D4 (breaker).
 */
import {
  reachedOutcome,
  type DecisionMode,
  type DecisionReason,
  type DecisionRecord,
} from '#src/domain/decision.ts';
import type { ScoreReason } from '#src/ports/scorer.ts';
import { claimsOf, type Claim } from './claims.ts';
import type { DecisionContext, DecisionInput } from './decision-input.ts';
import type { FeatureWords } from './feature-words.ts';
import type { Policy } from './policy.ts';
import { featureReason, REASONS_MAX } from './reasons.ts';
import { settleClaims, type Verdict } from './settle-claims.ts';
import { stableShare } from './stable-share.ts';

export function decidePayment(context: DecisionContext, input: DecisionInput): DecisionRecord {
  const { score, payment, shardTime } = input;
  if (!(score >= 0 && score <= 1)) throw new Error(`a score of ${score} is no probability`);
  const { state } = context;
  const claims = claimsOf(context, input);
  const mode = modeFor(state.policy, payment.facts.id);
  const verdict = settleClaims(claims, {
    state,
    mode,
    shardTime,
    isVerification: payment.facts.channel === 'verification',
  });
  const record: DecisionRecord = {
    number: input.number,
    outcome: mode === 'observe' ? 'approve' : verdict.outcome,
    score,
    basis: verdict.claim.basis,
    diverted: verdict.diverted,
    reasons: reasonsOf(verdict, claims),
    model: input.model,
    policy: state.policy.version,
    mode,
    degraded: input.degraded,
    decidedAt: shardTime,
    tookMicros: input.tookMicros,
  };
  return mode === 'observe' ? { ...record, wouldBe: verdict.outcome } : record;
}

/** The score withheld the payment (or would have), so that its features are worth explaining. */
export function needsExplanation(decision: DecisionRecord): boolean {
  return (
    decision.basis.step === 'score' &&
    (decision.diverted.length > 0 || reachedOutcome(decision) !== 'approve')
  );
}

/** The record with what drove its score, strongest first, as many as a person still reads. */
export function withScoreReasons(
  decision: DecisionRecord,
  scoreReasons: readonly ScoreReason[],
  words: FeatureWords,
): DecisionRecord {
  const room = Math.max(0, REASONS_MAX - decision.reasons.length);
  const added = scoreReasons.slice(0, room).map((reason) => featureReason(reason, words));
  return added.length === 0 ? decision : { ...decision, reasons: [...decision.reasons, ...added] };
}

function modeFor({ mode, enforceShare }: Policy, paymentId: string): DecisionMode {
  if (mode === 'observe' || enforceShare >= 1) return mode;
  return stableShare(paymentId) < enforceShare ? 'enforce' : 'observe';
}

const NO_REASONS: readonly DecisionReason[] = [];

/** The claim that the decision is named after, why it was diverted, then what else was claimed. */
function reasonsOf(verdict: Verdict, claims: readonly Claim[]): readonly DecisionReason[] {
  const [only] = claims;
  if (claims.length === 1 && only?.reason === undefined) return NO_REASONS;
  const named = verdict.claim.reason ? [verdict.claim.reason] : [];
  const others = claims.flatMap(({ reason }) => (reason && reason !== verdict.claim.reason ? [reason] : []));
  return [...named, ...verdict.reasons, ...others].slice(0, REASONS_MAX);
}
