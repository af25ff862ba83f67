/**
 * What was decided lately, as the reviewers' capacity and the decline breaker need it: decisions,
 * reviews that went to people, and denials by the model or limit that spoke them. Follows decision
 * records alone, so that a replay of the log counts the same.
 */
import { reachedOutcome, type DecisionBasis, type DecisionRecord } from '#src/domain/decision.ts';
import type { BreakerRule } from './policy.ts';
import { TimeBuckets, type TimeBucketsSnapshot } from './time-buckets.ts';

const HOUR_MS = 3_600_000;

/** Limits of one policy and the models of one window; older ones have nothing left to count. */
const SOURCES_MAX = 512;

export interface DecisionCountersSnapshot {
  readonly reviews: TimeBucketsSnapshot;
  readonly breakerWindowMs: number;
  readonly decisions: TimeBucketsSnapshot;
  readonly denials: readonly { readonly source: string; readonly buckets: TimeBucketsSnapshot }[];
}

export class DecisionCounters {
  readonly #reviews: TimeBuckets;
  readonly #breakerWindowMs: number;
  readonly #decisions: TimeBuckets;
  readonly #denials: Map<string, TimeBuckets>;

  /** Counts over another breaker window than the snapshot's start from nothing. */
  constructor(breakerWindowMs: number, snapshot?: DecisionCountersSnapshot) {
    const kept = snapshot?.breakerWindowMs === breakerWindowMs ? snapshot : undefined;
    this.#reviews = new TimeBuckets(HOUR_MS, snapshot?.reviews);
    this.#breakerWindowMs = breakerWindowMs;
    this.#decisions = new TimeBuckets(breakerWindowMs, kept?.decisions);
    this.#denials = new Map(
      kept?.denials.map((one) => [one.source, new TimeBuckets(breakerWindowMs, one.buckets)]),
    );
  }

  /** Counts a decision; one on a verification takes no reviewer's time. */
  record(decision: DecisionRecord, isVerification: boolean): void {
    const { decidedAt } = decision;
    this.#decisions.add(decidedAt);
    if (!isVerification && isForPeople(decision)) this.#reviews.add(decidedAt);
    const source = isSourcesDenial(decision) ? breakerSource(decision.basis) : undefined;
    if (source !== undefined) this.#denialsOf(source, decidedAt).add(decidedAt);
  }

  /** Reviews that were given to people in the hour before `shardTime`. */
  reviewsInLastHour(shardTime: number): number {
    return this.#reviews.total(shardTime);
  }

  /** Whether the model or limit has denied so much that its word is not taken (D4). */
  isTripped(rule: BreakerRule, basis: DecisionBasis, shardTime: number): boolean {
    const source = breakerSource(basis);
    const denials = source === undefined ? undefined : this.#denials.get(source)?.total(shardTime);
    if (denials === undefined) return false;
    if (denials > rule.aboveCount) return true;
    const decisions = this.#decisions.total(shardTime);
    return decisions >= rule.minimumDecisions && denials > rule.aboveShare * decisions;
  }

  toSnapshot(): DecisionCountersSnapshot {
    return {
      reviews: this.#reviews.toSnapshot(),
      breakerWindowMs: this.#breakerWindowMs,
      decisions: this.#decisions.toSnapshot(),
      denials: [...this.#denials].map(([source, buckets]) => ({ source, buckets: buckets.toSnapshot() })),
    };
  }

  #denialsOf(source: string, shardTime: number): TimeBuckets {
    const found = this.#denials.get(source);
    if (found) return found;
    if (this.#denials.size >= SOURCES_MAX) this.#dropSilent(shardTime);
    const buckets = new TimeBuckets(this.#breakerWindowMs);
    this.#denials.set(source, buckets);
    return buckets;
  }

  #dropSilent(shardTime: number): void {
    for (const [source, buckets] of this.#denials) {
      if (buckets.total(shardTime) === 0) this.#denials.delete(source);
    }
  }
}

/** What a breaker can trip: a list entry is a person's word, and a degradation has a rule of its own. */
function breakerSource({ step, ref }: DecisionBasis): string | undefined {
  return step === 'limit' || step === 'score' ? `${step}:${ref}` : undefined;
}

function isForPeople(decision: DecisionRecord): boolean {
  return reachedOutcome(decision) === 'review' && decision.basis.step !== 'degraded';
}

/**
 * The source itself said deny, whatever became of it: a tripped breaker stays so for as long as its
 * source goes on. A denial for want of reviewers is not the source's.
 */
function isSourcesDenial({ diverted, ...decision }: DecisionRecord): boolean {
  if (diverted.includes('breaker')) return true;
  return (decision.wouldBe ?? decision.outcome) === 'deny' && !diverted.includes('capacity');
}
