/**
 * The sentences of a decision: for programs a code, for people what was seen and what it was
 * measured against. None of them repeats personal data: a list hit names the entry.
 */
import type { DecisionReason, DegradedCause, Outcome } from '#src/domain/decision.ts';
import type { ListEntry } from '#src/domain/list-entry.ts';
import type { ScoreReason } from '#src/ports/scorer.ts';
import type { FeatureWords } from './feature-words.ts';
import type { Limit, WithheldOutcome } from './policy.ts';

/** What a person still reads; the strongest come first. */
export const REASONS_MAX = 8;

const ACTION_WORDS: Readonly<Record<Outcome, string>> = {
  approve: 'approved',
  challenge: 'challenged',
  review: 'reviewed',
  deny: 'denied',
};

const CAUSE_WORDS: Readonly<Record<DegradedCause, string>> = {
  model: 'the model could not score and its stand-in did',
  features: 'some of the history could not be read',
  log: 'the latest outcomes are not yet in the history',
};

export function blockReason(entry: ListEntry): DecisionReason {
  return {
    code: `block_${entry.kind}`,
    value: entry.id,
    text: `its ${entry.kind} is on the block list (entry ${entry.id})`,
  };
}

export function limitReason(limit: Limit, value: number, words: FeatureWords): DecisionReason {
  return {
    code: limit.code,
    feature: words.name(limit.featureIndex),
    value: words.value(limit.featureIndex, value),
    text: `${words.sentence(limit.featureIndex, value)}; the limit is ${shortNumber(limit.above)}`,
  };
}

export function scoreReason(outcome: WithheldOutcome, score: number, threshold: number): DecisionReason {
  return {
    code: `score_${outcome}`,
    value: shortNumber(score),
    text: `a fraud probability of ${shortNumber(score)}; from ${shortNumber(threshold)} on payments like this are ${ACTION_WORDS[outcome]}`,
  };
}

export function degradedReason(cause: DegradedCause, outcome: WithheldOutcome): DecisionReason {
  return {
    code: `degraded_${cause}`,
    value: cause,
    text: `${CAUSE_WORDS[cause]}; until that ends it is ${ACTION_WORDS[outcome]}`,
  };
}

export function breakerReason(source: string): DecisionReason {
  return {
    code: 'breaker_open',
    value: source,
    text: `${source} denies so much of the traffic that its denials are reviewed`,
  };
}

export function capacityReason(reviewsInLastHour: number, outcome: Outcome): DecisionReason {
  return {
    code: 'review_capacity',
    value: String(reviewsInLastHour),
    text: `${reviewsInLastHour} reviews in the last hour are all that people can do; more are ${ACTION_WORDS[outcome]}`,
  };
}

/** What drove the score, in the words of the feature catalogue. */
export function featureReason(reason: ScoreReason, words: FeatureWords): DecisionReason {
  return {
    code: reason.group,
    feature: words.name(reason.featureIndex),
    value: words.value(reason.featureIndex, reason.value),
    text: words.sentence(reason.featureIndex, reason.value),
    contribution: reason.contribution,
  };
}

/** Three significant digits. */
function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
