/** Writes the velocity features of one entity from its folded attempts. */
import { NO_HISTORY, UNREADABLE } from '#src/domain/feature-value.ts';
import type { EntityKind } from '#src/domain/entity.ts';
import { ATTEMPT_FEATURES } from '#src/features/catalogue/attempt-features.ts';
import type { AttemptMetric, DistinctMetric } from '#src/features/catalogue/attempt-features.ts';
import { FEATURES, featureIndex } from '#src/features/feature-catalogue.ts';
import { DAY_MS, windowIndex } from '#src/features/feature-window.ts';
import type { AttemptFold } from '#src/features/history/attempt-fold.ts';
import { ATTRIBUTES_OF } from '#src/features/history/entity-kinds.ts';
import type { AttributeName } from '#src/features/history/entity-kinds.ts';
import { sampleDeviation, TALLY, TALLY_DOUBLES } from '#src/features/history/tally.ts';
import { ENTITY_SLOTS } from '#src/features/key-layout.ts';
import type { VectorRow } from '#src/ports/feature-stage.ts';

/** How a feature is read from its window's tally. */
type Reading = 'plain' | 'sum' | 'max' | 'mean' | 'deviation';

interface Step {
  readonly feature: number;
  readonly reading: Reading;
  /** Where its number stands in the tallies. */
  readonly at: number;
  /** Where its window's tally begins. */
  readonly tally: number;
}

const READINGS: Readonly<Record<AttemptMetric, Reading>> = {
  attempts: 'plain',
  first_seen_cards: 'plain',
  distinct_accounts: 'plain',
  distinct_cards: 'plain',
  distinct_devices: 'plain',
  distinct_payees: 'plain',
  amount_sum: 'sum',
  amount_max: 'max',
  amount_mean: 'mean',
  amount_deviation: 'deviation',
};

const COUNTED_NAMES: Readonly<Record<DistinctMetric, AttributeName>> = {
  distinct_accounts: 'account',
  distinct_cards: 'card',
  distinct_devices: 'device',
  distinct_payees: 'payee',
};

function placeInTally(entity: EntityKind, metric: AttemptMetric): number {
  if (metric === 'attempts') return TALLY.count;
  if (metric === 'first_seen_cards') return TALLY.firstSeenCards;
  if (metric === 'amount_max') return TALLY.max;
  if (metric === 'amount_sum' || metric === 'amount_mean' || metric === 'amount_deviation') return TALLY.sum;
  const names: readonly AttributeName[] = ATTRIBUTES_OF[ENTITY_SLOTS.indexOf(entity)] ?? [];
  const attribute = names.indexOf(COUNTED_NAMES[metric]);
  if (attribute < 0 || attribute > 2) throw new Error(`${metric} of ${entity} is not counted`);
  return TALLY.distinct + attribute;
}

const STEPS: readonly (readonly Step[])[] = ENTITY_SLOTS.map((kind) =>
  ATTEMPT_FEATURES.filter(({ entity }) => entity === kind).map(({ name, metric, window }) => {
    const tally = windowIndex(window) * TALLY_DOUBLES;
    return {
      feature: featureIndex(name),
      reading: READINGS[metric],
      at: tally + placeInTally(kind, metric),
      tally,
    };
  }),
);

function indexesOf(suffix: string): readonly (number | undefined)[] {
  return ENTITY_SLOTS.map((entity) => {
    const name = `${entity}_${suffix}`;
    return FEATURES.some((feature) => feature.name === name) ? featureIndex(name) : undefined;
  });
}

const SINCE_LAST = indexesOf('minutes_since_attempt');
const SINCE_FIRST = indexesOf('days_since_first_attempt');
const FIRST_SEEN_TO_WEEK = indexesOf('first_seen_card_share_to_week');
const TEN_MINUTES = windowIndex('10m') * TALLY_DOUBLES;
const WEEK = windowIndex('7d') * TALLY_DOUBLES;
const MINUTE_MS = 60_000;

/** An entity of which nothing was ever attempted: all its velocity features say so. */
export function writeNoAttempts(slot: number, { values, offset }: VectorRow): void {
  for (const { feature } of STEPS[slot] ?? []) values[offset + feature] = NO_HISTORY;
  for (const features of [SINCE_LAST, SINCE_FIRST, FIRST_SEEN_TO_WEEK]) {
    const feature = features[slot];
    if (feature !== undefined) values[offset + feature] = NO_HISTORY;
  }
}

export interface AttemptTimes {
  readonly slot: number;
  readonly now: number;
  readonly firstAttemptAt: number;
}

export function writeAttempts(
  fold: AttemptFold,
  { slot, now, firstAttemptAt }: AttemptTimes,
  row: VectorRow,
): void {
  const { values, offset } = row;
  const { tallies } = fold;
  for (const step of STEPS[slot] ?? []) values[offset + step.feature] = readStep(tallies, step);
  const sinceLast = SINCE_LAST[slot];
  if (sinceLast !== undefined) {
    values[offset + sinceLast] =
      fold.lastAttemptAt === 0 ? NO_HISTORY : (now - fold.lastAttemptAt) / MINUTE_MS;
  }
  const sinceFirst = SINCE_FIRST[slot];
  if (sinceFirst !== undefined) {
    values[offset + sinceFirst] = firstAttemptAt > now ? NO_HISTORY : (now - firstAttemptAt) / DAY_MS;
  }
  const toWeek = FIRST_SEEN_TO_WEEK[slot];
  if (toWeek !== undefined)
    values[offset + toWeek] = firstSeenShare(tallies, TEN_MINUTES) / firstSeenShare(tallies, WEEK);
}

function readStep(tallies: Float64Array, { reading, at, tally }: Step): number {
  const value = tallies[at] ?? 0;
  if (reading === 'plain') return value;
  const rated = tallies[tally + TALLY.rated] ?? 0;
  if (rated === 0) {
    if ((tallies[tally + TALLY.count] ?? 0) > 0) return UNREADABLE;
    return reading === 'sum' ? 0 : NO_HISTORY;
  }
  if (reading === 'sum' || reading === 'max') return value;
  if (reading === 'mean') return value / rated;
  return rated === 1 ? NO_HISTORY : sampleDeviation(tallies, tally);
}

/** With one attempt added to both sides, so that few attempts do not make extreme shares. */
function firstSeenShare(tallies: Float64Array, tally: number): number {
  return ((tallies[tally + TALLY.firstSeenCards] ?? 0) + 1) / ((tallies[tally + TALLY.count] ?? 0) + 1);
}
