/** Writes the features of what became of earlier attempts, from an entity's folded outcomes. */
import { NO_HISTORY, UNREADABLE } from '#src/domain/feature-value.ts';
import {
  COUNTED_LABELS,
  LABELLED_ENTITIES,
  OUTCOME_WINDOW_FEATURES,
} from '#src/features/catalogue/outcome-features.ts';
import type { OutcomeMetric } from '#src/features/catalogue/outcome-features.ts';
import { featureIndex } from '#src/features/feature-catalogue.ts';
import { DAY_MS, windowIndex } from '#src/features/feature-window.ts';
import type { AttemptFold } from '#src/features/history/attempt-fold.ts';
import type { OutcomeFold } from '#src/features/history/outcome-fold.ts';
import { TALLY, TALLY_DOUBLES } from '#src/features/history/tally.ts';
import { OUTCOME_TALLY, OUTCOME_TALLY_DOUBLES } from '#src/features/history/tiles.ts';
import { ENTITY_SLOTS, SLOTS } from '#src/features/key-layout.ts';
import type { VectorRow } from '#src/ports/feature-stage.ts';

interface Step {
  readonly feature: number;
  readonly metric: OutcomeMetric;
  readonly window: number;
}

const COUNTS: Partial<Record<OutcomeMetric, number>> = {
  denials: OUTCOME_TALLY.denials,
  issuer_declines: OUTCOME_TALLY.issuerDeclines,
  reversals: OUTCOME_TALLY.reversals,
  fraud_labels: OUTCOME_TALLY.fraudLabels,
  inflow_sum: OUTCOME_TALLY.postedSum,
};

const STEPS: readonly (readonly Step[])[] = ENTITY_SLOTS.map((kind) =>
  // What a creditor passes on is read from its outcomes as an account.
  OUTCOME_WINDOW_FEATURES.filter(({ entity, metric }) => entity === kind && metric !== 'passed_on_share').map(
    ({ name, metric, window }) => ({ feature: featureIndex(name), metric, window: windowIndex(window) }),
  ),
);

const PASSED_ON = (['1h', '24h'] as const).map((window) => ({
  feature: featureIndex(`creditor_passed_on_share_${window}`),
  at: windowIndex(window) * OUTCOME_TALLY_DOUBLES + OUTCOME_TALLY.postedSum,
}));
const AMOUNT_TO_INFLOW = (['1h', '24h'] as const).map((window) => ({
  feature: featureIndex(`account_amount_to_inflow_${window}`),
  at: windowIndex(window) * OUTCOME_TALLY_DOUBLES + OUTCOME_TALLY.postedSum,
}));

function indexesOf(entities: readonly string[], suffix: string): readonly (number | undefined)[] {
  return ENTITY_SLOTS.map((entity) =>
    entities.includes(entity) ? featureIndex(`${entity}_${suffix}`) : undefined,
  );
}

const LABEL_COUNT = indexesOf(COUNTED_LABELS, 'fraud_labels');
const SINCE_LABEL = indexesOf(LABELLED_ENTITIES, 'days_since_fraud_label');
const DECLINES_TO_WEEK = indexesOf(['merchant', 'bin'], 'issuer_decline_share_to_week');
const SINCE_INFLOW = featureIndex('creditor_minutes_since_inflow');
const DEBTOR_SINCE_INFLOW = featureIndex('account_minutes_since_inflow');
const TEN_MINUTES = windowIndex('10m');
const WEEK = windowIndex('7d');
const MINUTE_MS = 60_000;

export interface EntityFolds {
  readonly slot: number;
  readonly attempts: AttemptFold;
  readonly outcomes: OutcomeFold;
  readonly shardTime: number;
  /** Whether anything was ever attempted with the entity. */
  readonly isKnown: boolean;
}

export function writeOutcomes(folds: EntityFolds, { values, offset }: VectorRow): void {
  const { slot, outcomes, shardTime, isKnown } = folds;
  for (const step of STEPS[slot] ?? [])
    values[offset + step.feature] = isKnown ? readStep(folds, step) : NO_HISTORY;
  const toWeek = DECLINES_TO_WEEK[slot];
  if (toWeek !== undefined) {
    values[offset + toWeek] = isKnown
      ? declineShare(folds, TEN_MINUTES) / declineShare(folds, WEEK)
      : NO_HISTORY;
  }
  const labels = LABEL_COUNT[slot];
  if (labels !== undefined)
    values[offset + labels] = isKnown || outcomes.labels.count > 0 ? outcomes.labels.count : NO_HISTORY;
  const sinceLabel = SINCE_LABEL[slot];
  if (sinceLabel !== undefined)
    values[offset + sinceLabel] = since(shardTime, outcomes.labels.lastAt, DAY_MS);
  if (slot === SLOTS.creditor)
    values[offset + SINCE_INFLOW] = since(shardTime, outcomes.lastPostedAt, MINUTE_MS);
}

/** What the debtor received before; `outcomes` has folded its history as a creditor. `amount` below 0: no rate. */
export function writeDebtorInflow(
  outcomes: OutcomeFold,
  { shardTime, amount }: { readonly shardTime: number; readonly amount: number },
  { values, offset }: VectorRow,
): void {
  values[offset + DEBTOR_SINCE_INFLOW] = since(shardTime, outcomes.lastPostedAt, MINUTE_MS);
  for (const { feature, at } of AMOUNT_TO_INFLOW) {
    const inflow = outcomes.tallies[at] ?? 0;
    const share = inflow === 0 ? NO_HISTORY : amount / inflow;
    values[offset + feature] = amount < 0 ? UNREADABLE : share;
  }
}

/** Keeps what the creditor received, to compare with what it paid. */
export class PassedOn {
  readonly #inflow = new Float64Array(PASSED_ON.length);

  takeInflow({ tallies }: OutcomeFold): void {
    PASSED_ON.forEach(({ at }, index) => (this.#inflow[index] = tallies[at] ?? 0));
  }

  /** `outcomes` has folded the creditor's history as an account. */
  write({ tallies }: OutcomeFold, { values, offset }: VectorRow): void {
    PASSED_ON.forEach(({ feature, at }, index) => {
      const inflow = this.#inflow[index] ?? 0;
      values[offset + feature] = inflow === 0 ? NO_HISTORY : (tallies[at] ?? 0) / inflow;
    });
  }
}

function readStep(folds: EntityFolds, { metric, window }: Step): number {
  const { tallies } = folds.outcomes;
  const tally = window * OUTCOME_TALLY_DOUBLES;
  const count = COUNTS[metric];
  if (count !== undefined) return tallies[tally + count] ?? 0;
  if (metric === 'issuer_decline_share') {
    const attempts = attemptsIn(folds, window);
    return attempts === 0 ? NO_HISTORY : (tallies[tally + OUTCOME_TALLY.issuerDeclines] ?? 0) / attempts;
  }
  const posted = tallies[tally + OUTCOME_TALLY.postedSum] ?? 0;
  return posted === 0 ? NO_HISTORY : (tallies[tally + OUTCOME_TALLY.reversedSum] ?? 0) / posted;
}

function attemptsIn({ attempts }: EntityFolds, window: number): number {
  return attempts.tallies[window * TALLY_DOUBLES + TALLY.count] ?? 0;
}

/** With one attempt added to both sides. */
function declineShare(folds: EntityFolds, window: number): number {
  const declines = folds.outcomes.tallies[window * OUTCOME_TALLY_DOUBLES + OUTCOME_TALLY.issuerDeclines] ?? 0;
  return (declines + 1) / (attemptsIn(folds, window) + 1);
}

function since(now: number, then: number, unitMs: number): number {
  return then === 0 ? NO_HISTORY : (now - then) / unitMs;
}
