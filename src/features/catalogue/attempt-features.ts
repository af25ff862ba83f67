/**
 * Velocity: what was attempted lately by, with or at each entity, whatever became of it (F3).
 *
 * Each line of the plan names a metric and the windows in which it is worth a column.
 */
import type { EntityKind } from '#src/domain/entity.ts';
import type { FeatureDefinition, FeatureUnit } from '#src/features/feature-definition.ts';
import { WINDOWS } from '#src/features/feature-window.ts';
import type { WindowName } from '#src/features/feature-window.ts';

export type DistinctMetric = 'distinct_accounts' | 'distinct_cards' | 'distinct_devices' | 'distinct_payees';
export type AttemptMetric =
  | 'attempts'
  | 'amount_sum'
  | 'amount_mean'
  | 'amount_max'
  | 'amount_deviation'
  | 'first_seen_cards'
  | DistinctMetric;

export type AttemptFeature = FeatureDefinition & {
  readonly entity: EntityKind;
  readonly metric: AttemptMetric;
  readonly window: WindowName;
};

const ALL = WINDOWS.map(({ name }) => name);
const SHORT = ['10m', '1h', '24h'] as const;

type Plan = Partial<Record<AttemptMetric, readonly WindowName[]>>;

const PLANS: Readonly<Record<EntityKind, Plan>> = {
  account: {
    attempts: ALL,
    amount_sum: ['10m', '1h', '24h', '7d', '30d'],
    amount_mean: ['30d'],
    amount_max: ['30d'],
    amount_deviation: ['30d'],
    distinct_payees: ['1h', '24h', '30d'],
    distinct_devices: ['24h', '30d'],
    distinct_cards: ['10m', '24h', '30d'],
  },
  creditor: {
    attempts: ['10m', '1h', '24h', '7d', '30d'],
    amount_sum: ['1h', '24h', '30d'],
    amount_mean: ['30d'],
    distinct_accounts: ['10m', '1h', '24h', '30d'],
    distinct_cards: ['1h', '24h'],
    distinct_devices: ['1h', '24h'],
  },
  card: {
    attempts: ALL,
    amount_sum: ['1h', '24h', '30d'],
    amount_mean: ['30d'],
    amount_max: ['30d'],
    amount_deviation: ['30d'],
    distinct_payees: SHORT,
    distinct_devices: ['24h', '30d'],
    distinct_accounts: ['30d'],
  },
  device: {
    attempts: ALL,
    amount_sum: ['24h'],
    distinct_accounts: ['1h', '24h', '30d'],
    distinct_cards: ['10m', '1h', '24h', '30d'],
  },
  ip: {
    attempts: ['1m', '10m', '1h', '24h', '7d'],
    amount_sum: ['24h'],
    distinct_accounts: ['1h', '24h'],
    distinct_cards: SHORT,
    distinct_devices: ['1h', '24h'],
  },
  ipNetwork: {
    attempts: SHORT,
    distinct_accounts: ['1h'],
    distinct_cards: ['1h', '24h'],
  },
  merchant: {
    attempts: ALL,
    amount_sum: ['24h'],
    amount_mean: ['10m', '30d'],
    amount_deviation: ['30d'],
    distinct_accounts: ['1h'],
    distinct_cards: SHORT,
    first_seen_cards: ['10m', '7d'],
  },
  email: {
    attempts: ['1h', '24h', '30d'],
    distinct_accounts: ['30d'],
    distinct_cards: ['24h', '30d'],
    distinct_devices: ['30d'],
  },
  bin: {
    attempts: ['10m', '1h', '24h', '7d'],
    distinct_cards: SHORT,
    distinct_payees: ['1h'],
    first_seen_cards: ['10m', '7d'],
  },
};

export const ENTITY_WORDS: Readonly<Record<EntityKind, string>> = {
  account: 'this account',
  creditor: 'this creditor',
  card: 'this card',
  device: 'this device',
  ip: 'this address',
  ipNetwork: 'this network',
  merchant: 'this merchant',
  email: 'this e-mail',
  bin: 'this BIN',
};

interface MetricWords {
  readonly unit: FeatureUnit;
  readonly noun: string;
  /** What it needs beside a history to have a value. */
  readonly needs?: string;
}

const METRICS: Readonly<Record<AttemptMetric, MetricWords>> = {
  attempts: { unit: 'payments', noun: 'attempts' },
  amount_sum: { unit: 'minor units', noun: 'sum of the amounts attempted' },
  amount_mean: { unit: 'minor units', noun: 'mean amount attempted', needs: 'an attempt in the window' },
  amount_max: { unit: 'minor units', noun: 'largest amount attempted', needs: 'an attempt in the window' },
  amount_deviation: {
    unit: 'minor units',
    noun: 'standard deviation of the amounts attempted',
    needs: 'two attempts in the window',
  },
  distinct_accounts: { unit: 'entities', noun: 'different accounts' },
  distinct_cards: { unit: 'entities', noun: 'different cards' },
  distinct_devices: { unit: 'entities', noun: 'different devices' },
  distinct_payees: { unit: 'entities', noun: 'different payees' },
  first_seen_cards: { unit: 'payments', noun: 'attempts with a card never seen before' },
};

function defineAttemptFeature(entity: EntityKind, metric: AttemptMetric, window: WindowName): AttemptFeature {
  const { unit, noun, needs } = METRICS[metric];
  const words = WINDOWS.find(({ name }) => name === window)?.words ?? window;
  return {
    name: `${entity}_${metric}_${window}`,
    group: `${entity}_${metric}`,
    source: 'attempts',
    entity,
    metric,
    window,
    unit,
    meaning: `${noun} of ${ENTITY_WORDS[entity]} in ${words} before this payment, itself excluded`,
    ...(entity === 'account' || entity === 'creditor'
      ? {}
      : { notSentWhen: `the payment names no ${entity}` }),
    noHistoryWhen: `nothing was ever attempted with it${needs === undefined ? '' : `, or less than ${needs}`}`,
    ...(unit === 'minor units' ? { unreadableWhen: 'amounts in the window had no exchange rate' } : {}),
    sentence: `${noun} of ${ENTITY_WORDS[entity]} in ${words}: {value}`,
  };
}

export const ATTEMPT_FEATURES: readonly AttemptFeature[] = (Object.keys(PLANS) as EntityKind[]).flatMap(
  (entity) =>
    (Object.keys(PLANS[entity]) as AttemptMetric[]).flatMap((metric) =>
      (PLANS[entity][metric] ?? []).map((window) => defineAttemptFeature(entity, metric, window)),
    ),
);

interface RecencyWords {
  readonly metric: 'minutes_since_attempt' | 'days_since_first_attempt';
  readonly unit: FeatureUnit;
  readonly meaning: string;
}

const LAST: RecencyWords = { metric: 'minutes_since_attempt', unit: 'minutes', meaning: 'the last attempt' };
const FIRST: RecencyWords = {
  metric: 'days_since_first_attempt',
  unit: 'days',
  meaning: 'the first attempt ever',
};

function defineRecency(entity: EntityKind, { metric, unit, meaning }: RecencyWords): FeatureDefinition {
  return {
    name: `${entity}_${metric}`,
    group: `${entity}_recency`,
    source: 'attempts',
    entity,
    metric,
    unit,
    meaning: `${unit} since ${meaning} of ${ENTITY_WORDS[entity]}`,
    ...(entity === 'account' || entity === 'creditor'
      ? {}
      : { notSentWhen: `the payment names no ${entity}` }),
    noHistoryWhen: 'nothing was ever attempted with it before',
    sentence: `${meaning} of ${ENTITY_WORDS[entity]}: {value} ago`,
  };
}

/** Entities whose last attempt, and whose first, is told. */
export const LAST_ATTEMPT_ENTITIES = ['account', 'card', 'device', 'merchant'] as const;
export const FIRST_ATTEMPT_ENTITIES = [
  'account',
  'creditor',
  'card',
  'device',
  'ip',
  'merchant',
  'email',
] as const;

export const RECENCY_FEATURES: readonly FeatureDefinition[] = [
  ...LAST_ATTEMPT_ENTITIES.map((entity) => defineRecency(entity, LAST)),
  ...FIRST_ATTEMPT_ENTITIES.map((entity) => defineRecency(entity, FIRST)),
];
