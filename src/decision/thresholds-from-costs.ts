/**
 * Thresholds from what mistakes cost: for a payment of amount A whose probability of fraud is p,
 *
 *     approving costs   p · (A + chargebackFee)
 *     denying costs     (1 - p) · (insultShareOfAmount + margin) · A
 *     a review costs    reviewMinutes · reviewMinute, and the reviewer is taken to be right
 *
 * and the cheapest is chosen (C. Elkan, "The Foundations of Cost-Sensitive Learning", IJCAI 2001;
 * with the review as the reject option of C. K. Chow, "On Optimum Recognition Error and Reject
 * Tradeoff", IEEE Trans. Information Theory 16, 1970). Where the lines cross:
 *
 *     approve = review  at  review / (A + fee)
 *     review  = deny    at  1 - review / (g · A)           g = insult + margin
 *     approve = deny    at  g · A / (A + fee + g · A)
 *
 * If a review costs more than the mistake that it prevents, nobody reviews: both thresholds are
 * where approving and denying cost the same.
 */
import type { PolicyCosts } from './policy-schema.ts';
import type { ThresholdBand, Thresholds } from './policy.ts';

/** Above every probability: never reached. */
export const NEVER = 2;

/** Amounts, in minor units, at which the thresholds of a derived policy step. */
export const DERIVED_BAND_EDGES: readonly number[] = [
  1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000,
];

export function thresholdsFromCosts(costs: PolicyCosts, amountMinor: number): Thresholds {
  const fraudLoss = amountMinor + costs.chargebackFee;
  const declineLoss = (costs.insultShareOfAmount + costs.margin) * amountMinor;
  const reviewCost = costs.reviewMinute * costs.reviewMinutes;
  if (fraudLoss === 0) return { challenge: NEVER, review: NEVER, deny: NEVER };
  const denyAlone = declineLoss / (fraudLoss + declineLoss);
  const review = reviewCost / fraudLoss;
  if (review >= denyAlone) return { challenge: NEVER, review: denyAlone, deny: denyAlone };
  return { challenge: NEVER, review, deny: 1 - reviewCost / declineLoss };
}

/** One band between two edges, with the thresholds of the edges' geometric mean. */
export function bandsFromCosts(
  costs: PolicyCosts,
  edges: readonly number[] = DERIVED_BAND_EDGES,
): readonly ThresholdBand[] {
  return edges.map((upTo, index) => {
    const from = edges[index - 1] ?? upTo / 10;
    return { upTo, thresholds: thresholdsFromCosts(costs, Math.sqrt(from * upTo)) };
  });
}

export interface ReviewCapacity {
  /** Calibrated probabilities of a stretch of ordinary traffic, in any order. */
  readonly scores: Float32Array;
  /** How long the stretch was. */
  readonly hours: number;
  readonly maxPerHour: number;
}

/**
 * The thresholds with `review` raised until reviewers can do what falls between it and `deny`:
 * the riskiest go to them, since for one amount the saving of a review grows with p.
 */
export function fitToReviewCapacity(thresholds: Thresholds, capacity: ReviewCapacity): Thresholds {
  const waiting = capacity.scores.filter((score) => score >= thresholds.review && score < thresholds.deny);
  const room = Math.floor(capacity.maxPerHour * capacity.hours);
  if (waiting.length <= room) return thresholds;
  if (room === 0) return { ...thresholds, review: thresholds.deny };
  waiting.sort();
  const first = waiting.length - room;
  const review = waiting[first] ?? thresholds.deny;
  const tied = waiting[first - 1] === review;
  return { ...thresholds, review: tied ? (nextAbove(waiting, review) ?? thresholds.deny) : review };
}

/** Equal scores stay together: if not all of them fit, none of them is reviewed. */
function nextAbove(sorted: Float32Array, score: number): number | undefined {
  return sorted.find((one) => one > score);
}
