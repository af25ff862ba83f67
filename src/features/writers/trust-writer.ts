/** Writes tenure, habits and acquaintances from an entity's lifetime and its folded outcomes. */
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import { PAIRS, TENURES } from '#src/features/catalogue/trust-features.ts';
import type { TenureMetric, TrustedEntity } from '#src/features/catalogue/trust-features.ts';
import { featureIndex } from '#src/features/feature-catalogue.ts';
import { DAY_MS } from '#src/features/feature-window.ts';
import type { HabitFold, HabitQuestion } from '#src/features/history/habit-fold.ts';
import type { Place } from '#src/features/history/histories.ts';
import { LIFETIME, LIFETIME_WORD } from '#src/features/history/layout.ts';
import { metAt } from '#src/features/history/lifetimes.ts';
import type { Lifetimes } from '#src/features/history/lifetimes.ts';
import { highSquare, lowSquare, sampleDeviation, TALLY, TALLY_DOUBLES } from '#src/features/history/tally.ts';
import { countryOfTraits, SLOTS, timezoneOfTraits } from '#src/features/key-layout.ts';
import type { VectorRow } from '#src/ports/feature-stage.ts';

const OLD_MS = 60 * DAY_MS;

const TENURE_STEPS: ReadonlyMap<number, readonly { metric: TenureMetric; feature: number }[]> = new Map(
  (Object.keys(TENURES) as TrustedEntity[]).map((entity) => [
    SLOTS[entity],
    TENURES[entity].map((metric: TenureMetric) => ({ metric, feature: featureIndex(`${entity}_${metric}`) })),
  ]),
);

export interface LifetimeView {
  /** Undefined: nothing of it has aged. */
  readonly extension: Place | undefined;
  /** What labels took in sight, less what they gave back, that the extension has not taken in. */
  readonly freshWithdrawals: number;
  readonly lifetimes: Lifetimes;
  readonly shardTime: number;
}

export function writeTenure(slot: number, view: LifetimeView, { values, offset }: VectorRow): void {
  const trusted = trustedPayments(view);
  for (const { metric, feature } of TENURE_STEPS.get(slot) ?? []) {
    values[offset + feature] =
      trusted > 0 && view.extension ? tenure(metric, view.extension, { ...view, trusted }) : NO_HISTORY;
  }
}

function trustedPayments({ extension, freshWithdrawals }: LifetimeView): number {
  if (!extension) return 0;
  const { words, at } = extension;
  const posted = words[2 * at + LIFETIME_WORD.posted] ?? 0;
  return posted - Math.max(0, (words[2 * at + LIFETIME_WORD.withdrawn] ?? 0) + freshWithdrawals);
}

function tenure(
  metric: TenureMetric,
  extension: Place,
  { shardTime, lifetimes, trusted }: LifetimeView & { readonly trusted: number },
): number {
  const { doubles, at } = extension;
  switch (metric) {
    case 'first_posted':
      return (shardTime - (doubles[at + LIFETIME.firstPostedAt] ?? 0)) / DAY_MS;
    case 'last_posted':
      return (shardTime - (doubles[at + LIFETIME.lastPostedAt] ?? 0)) / DAY_MS;
    case 'posted':
      return trusted;
    case 'posted_older_60d':
      return lifetimes.postedInWeeksBefore(extension, shardTime - OLD_MS);
  }
}

const AMOUNT_FEATURES = (['account', 'card'] as const).map((entity) => ({
  slot: SLOTS[entity],
  toMean: featureIndex(`${entity}_amount_to_mean`),
  deviations: featureIndex(`${entity}_amount_deviations`),
  toMedian: featureIndex(`${entity}_amount_to_median`),
  toP90: featureIndex(`${entity}_amount_to_p90`),
}));

const tally = new Float64Array(TALLY_DOUBLES);

/** `amount` below 0: it has no exchange rate. */
export function writeAmountHabit(
  slot: number,
  { habit, amount }: { habit: HabitFold; amount: number },
  row: VectorRow,
): void {
  const features = AMOUNT_FEATURES.find((one) => one.slot === slot);
  if (!features) return;
  const { values, offset } = row;
  const { amounts, rated } = habit;
  let missing: number | undefined;
  if (rated === 0) missing = habit.count === 0 ? NO_HISTORY : UNREADABLE;
  if (amount < 0) missing = UNREADABLE;
  if (missing !== undefined) {
    for (const feature of [features.toMean, features.deviations, features.toMedian, features.toP90]) {
      values[offset + feature] = missing;
    }
    return;
  }
  tallyAmounts(amounts, rated);
  const mean = (tally[TALLY.sum] ?? 0) / rated;
  const deviation = rated > 1 ? sampleDeviation(tally, 0) : 0;
  values[offset + features.toMean] = ratio(amount, mean);
  values[offset + features.deviations] = deviation === 0 ? NO_HISTORY : (amount - mean) / deviation;
  values[offset + features.toMedian] = ratio(amount, median(amounts, rated));
  values[offset + features.toP90] = ratio(amount, amounts[Math.ceil(0.9 * rated) - 1] ?? 0);
}

function tallyAmounts(amounts: Float64Array, rated: number): void {
  tally.fill(0);
  tally[TALLY.rated] = rated;
  for (let index = 0; index < rated; index++) {
    const amount = amounts[index] ?? 0;
    tally[TALLY.sum] = (tally[TALLY.sum] ?? 0) + amount;
    tally[TALLY.squaresHigh] = (tally[TALLY.squaresHigh] ?? 0) + highSquare(amount);
    tally[TALLY.squaresLow] = (tally[TALLY.squaresLow] ?? 0) + lowSquare(amount);
  }
}

function median(amounts: Float64Array, rated: number): number {
  const upper = amounts[rated >> 1] ?? 0;
  return rated % 2 === 1 ? upper : ((amounts[(rated >> 1) - 1] ?? 0) + upper) / 2;
}

function ratio(amount: number, usual: number): number {
  return usual === 0 ? NO_HISTORY : amount / usual;
}

const HOUR_SHARE = featureIndex('account_hour_share');
const WEEKDAY_SHARE = featureIndex('account_weekday_share');
const TIMEZONE_SHARE = featureIndex('account_timezone_share');
const COUNTRY_SHARE = featureIndex('account_country_share');

export function writeAccountHabits(
  habit: HabitFold,
  { traits }: HabitQuestion,
  { values, offset }: VectorRow,
): void {
  const share = (count: number): number => (habit.count === 0 ? NO_HISTORY : count / habit.count);
  values[offset + HOUR_SHARE] = share(habit.sameHour);
  values[offset + WEEKDAY_SHARE] = share(habit.sameWeekday);
  values[offset + TIMEZONE_SHARE] = timezoneOfTraits(traits) === 0 ? NOT_SENT : share(habit.sameTimezone);
  values[offset + COUNTRY_SHARE] = countryOfTraits(traits) === 0 ? NOT_SENT : share(habit.sameCountry);
}

const PAIR_STEPS = PAIRS.map(({ entity, other, attribute }) => ({
  slot: SLOTS[entity],
  attribute,
  first: featureIndex(`${entity}_${other}_first_posted`),
  posted: featureIndex(`${entity}_${other}_posted_30d`),
}));

export function writePairs(
  slot: number,
  { habit, question, extension }: { habit: HabitFold; question: HabitQuestion; extension: Place | undefined },
  { values, offset }: VectorRow,
): void {
  for (const step of PAIR_STEPS) {
    if (step.slot !== slot) continue;
    const token = question.attributes[step.attribute] ?? 0;
    if (token === 0) {
      values[offset + step.first] = values[offset + step.posted] = NOT_SENT;
      continue;
    }
    const { attribute } = step;
    values[offset + step.posted] = habit.count === 0 ? NO_HISTORY : (habit.together[attribute] ?? 0);
    const since = habit.isMarked[attribute] === 1 ? 0 : firstMet(habit, { attribute, token, extension });
    values[offset + step.first] = since === 0 ? NO_HISTORY : (question.shardTime - since) / DAY_MS;
  }
}

interface Acquaintance {
  readonly attribute: number;
  readonly token: number;
  readonly extension: Place | undefined;
}

/** The earlier of what the lifetime header and the rows of 30 days know; 0: neither does. */
function firstMet(habit: HabitFold, { attribute, token, extension }: Acquaintance): number {
  const inRows = habit.togetherSince[attribute] ?? 0;
  const inHeader = extension ? metAt(extension, attribute, token) : 0;
  if (inRows === 0 || inHeader === 0) return inRows + inHeader;
  return Math.min(inRows, inHeader);
}
