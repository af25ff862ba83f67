/** What a payment had to be decided without (D2). */
import type { DegradedCause } from '#src/domain/decision.ts';
import { UNREADABLE } from '#src/domain/feature-value.ts';
import { HISTORY_FEATURES } from '#src/features/feature-catalogue.ts';

const NONE: readonly DegradedCause[] = [];

/**
 * A stand-in scored, or a history could not be read. What is unreadable for the payment's own sake
 * (an asset without a rate, an account that opens with it) is a missing value like others: nothing
 * that could end is in the way of its score.
 */
export function degradedCauses(vector: Float32Array, modelDegraded: boolean): readonly DegradedCause[] {
  const featuresDegraded = HISTORY_FEATURES.some((index) => vector[index] === UNREADABLE);
  if (!modelDegraded && !featuresDegraded) return NONE;
  return [...(modelDegraded ? ['model' as const] : []), ...(featuresDegraded ? ['features' as const] : [])];
}
