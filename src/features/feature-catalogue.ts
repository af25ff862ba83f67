/**
 * The one definition of every feature: its place in the vector, its name and what it means. Serving,
 * training, policies, explanations and the documentation read this and nothing else.
 *
 * The order is the vector's. A change of anything that changes a value changes `FEATURE_VERSION` or a
 * definition, hence the hash, and a model trained before it is refused.
 */
import { createHash } from 'node:crypto';
import type { EntityKind } from '#src/domain/entity.ts';
import { ATTEMPT_FEATURES, RECENCY_FEATURES } from './catalogue/attempt-features.ts';
import { LEDGER_FEATURES } from './catalogue/ledger-features.ts';
import { OUTCOME_FEATURES } from './catalogue/outcome-features.ts';
import { PAYMENT_FEATURES } from './catalogue/payment-features.ts';
import { SIGNAL_FEATURES } from './catalogue/signal-features.ts';
import { TRUST_FEATURES } from './catalogue/trust-features.ts';
import type { FeatureDefinition } from './feature-definition.ts';
import { WINDOWS } from './feature-window.ts';

/** Raised when a computation changes and no definition's text does. */
const FEATURE_VERSION = 1;

export const FEATURES: readonly FeatureDefinition[] = [
  ...PAYMENT_FEATURES,
  ...LEDGER_FEATURES,
  ...ATTEMPT_FEATURES,
  ...RECENCY_FEATURES,
  ...OUTCOME_FEATURES,
  ...TRUST_FEATURES,
  ...SIGNAL_FEATURES,
];

export const FEATURE_COUNT: number = FEATURES.length;

const INDEX_BY_NAME: ReadonlyMap<string, number> = new Map(FEATURES.map(({ name }, index) => [name, index]));

/** The feature's place in the vector. Throws for a name that is not in the catalogue: that is a bug. */
export function featureIndex(name: string): number {
  const index = INDEX_BY_NAME.get(name);
  if (index === undefined) throw new Error(`no feature is called ${name}`);
  return index;
}

/**
 * Places of the features that are `UNREADABLE` for one reason only: the history of their entity could
 * not be read. The others may be so for the payment's own sake, as where an asset has no rate.
 */
export const HISTORY_FEATURES: readonly number[] = FEATURES.flatMap(({ entity, unreadableWhen }, index) =>
  entity !== undefined && unreadableWhen === undefined ? [index] : [],
);

/** A feature that a policy may limit, as `LimitFeature` of the decision asks for it. */
export interface AttemptLimitFeature {
  readonly entity: EntityKind;
  readonly metric: string;
  readonly windowSeconds: number;
  readonly index: number;
}

/** The features that policies may put limits on: all of the attempts. */
export function attemptLimitFeatures(): readonly AttemptLimitFeature[] {
  return ATTEMPT_FEATURES.map(({ entity, metric, window, name }) => ({
    entity,
    metric,
    windowSeconds: (WINDOWS.find((one) => one.name === window)?.milliseconds ?? 0) / 1000,
    index: featureIndex(name),
  }));
}

/** SHA-256, hexadecimal, over the canonical text of the catalogue; stands in models and decisions. */
export function featureHash(): string {
  return createHash('sha256').update(canonicalText()).digest('hex');
}

function canonicalText(): string {
  const lines = FEATURES.map(({ name, source, unit, meaning, notSentWhen, noHistoryWhen, unreadableWhen }) =>
    JSON.stringify([name, source, unit, meaning, notSentWhen, noHistoryWhen, unreadableWhen]),
  );
  return [`features ${FEATURE_VERSION}`, ...lines].join('\n');
}
