/**
 * What became of earlier attempts: denials, issuer declines, reversals, fraud labels and money that
 * came in or was passed on. An outcome counts from a minute after it by shard time (F3).
 */
import type { EntityKind } from '#src/domain/entity.ts';
import { ENTITY_WORDS } from '#src/features/catalogue/attempt-features.ts';
import type { FeatureDefinition, FeatureUnit } from '#src/features/feature-definition.ts';
import { WINDOWS } from '#src/features/feature-window.ts';
import type { WindowName } from '#src/features/feature-window.ts';

export type OutcomeMetric =
  | 'denials'
  | 'issuer_declines'
  | 'issuer_decline_share'
  | 'reversals'
  | 'reversed_share'
  | 'fraud_labels'
  | 'inflow_sum'
  | 'passed_on_share';

export type OutcomeWindowFeature = FeatureDefinition & {
  readonly entity: EntityKind;
  readonly metric: OutcomeMetric;
  readonly window: WindowName;
};

interface Plan {
  readonly metric: OutcomeMetric;
  readonly entities: readonly EntityKind[];
  readonly windows: readonly WindowName[];
}

const PLANS: readonly Plan[] = [
  { metric: 'denials', entities: ['account', 'card', 'device', 'ip'], windows: ['24h'] },
  { metric: 'denials', entities: ['card', 'device'], windows: ['1h', '7d'] },
  { metric: 'issuer_declines', entities: ['account', 'device', 'ip'], windows: ['24h'] },
  { metric: 'issuer_declines', entities: ['card'], windows: ['10m', '24h', '7d'] },
  { metric: 'issuer_decline_share', entities: ['merchant', 'bin'], windows: ['10m', '7d'] },
  { metric: 'reversals', entities: ['account', 'card', 'device', 'creditor'], windows: ['30d'] },
  { metric: 'reversed_share', entities: ['account', 'card', 'device', 'creditor'], windows: ['30d'] },
  { metric: 'fraud_labels', entities: ['merchant', 'creditor'], windows: ['30d'] },
  { metric: 'inflow_sum', entities: ['creditor'], windows: ['1h', '24h'] },
  { metric: 'passed_on_share', entities: ['creditor'], windows: ['1h', '24h'] },
];

interface MetricWords {
  readonly unit: FeatureUnit;
  readonly noun: string;
  readonly noHistoryWhen: string;
}

const NOTHING_ATTEMPTED = 'nothing was ever attempted with it';

const METRICS: Readonly<Record<OutcomeMetric, MetricWords>> = {
  denials: { unit: 'payments', noun: 'payments denied or rejected', noHistoryWhen: NOTHING_ATTEMPTED },
  issuer_declines: {
    unit: 'payments',
    noun: 'payments that the issuer declined',
    noHistoryWhen: NOTHING_ATTEMPTED,
  },
  issuer_decline_share: {
    unit: 'share',
    noun: 'payments that the issuer declined, for each attempt',
    noHistoryWhen: 'nothing was attempted in the window',
  },
  reversals: { unit: 'payments', noun: 'reversals', noHistoryWhen: NOTHING_ATTEMPTED },
  reversed_share: {
    unit: 'share',
    noun: 'money reversed, for each unit posted',
    noHistoryWhen: 'nothing was posted in the window',
  },
  fraud_labels: { unit: 'payments', noun: 'payments labelled fraud', noHistoryWhen: NOTHING_ATTEMPTED },
  inflow_sum: { unit: 'minor units', noun: 'money received', noHistoryWhen: NOTHING_ATTEMPTED },
  passed_on_share: {
    unit: 'share',
    noun: 'money paid out, for each unit received',
    noHistoryWhen: 'nothing was received in the window',
  },
};

export function notSentWhen(entity: EntityKind): { readonly notSentWhen?: string } {
  return entity === 'account' || entity === 'creditor'
    ? {}
    : { notSentWhen: `the payment names no ${entity}` };
}

function defineWindowFeature(
  entity: EntityKind,
  metric: OutcomeMetric,
  window: WindowName,
): OutcomeWindowFeature {
  const { unit, noun, noHistoryWhen } = METRICS[metric];
  const words = WINDOWS.find(({ name }) => name === window)?.words ?? window;
  return {
    name: `${entity}_${metric}_${window}`,
    group: `${entity}_${metric}`,
    source: 'outcomes',
    entity,
    metric,
    window,
    unit,
    meaning: `${noun}, of ${ENTITY_WORDS[entity]} in ${words}`,
    ...notSentWhen(entity),
    noHistoryWhen,
    sentence: `${noun}, of ${ENTITY_WORDS[entity]} in ${words}: {value}`,
  };
}

export const OUTCOME_WINDOW_FEATURES: readonly OutcomeWindowFeature[] = PLANS.flatMap(
  ({ metric, entities, windows }) =>
    entities.flatMap((entity) => windows.map((window) => defineWindowFeature(entity, metric, window))),
);

/** Attack against a merchant or a BIN with cards, devices and addresses that all rotate. */
const AGAINST_OWN_WEEK: readonly FeatureDefinition[] = (['merchant', 'bin'] as const).flatMap((entity) => [
  {
    name: `${entity}_first_seen_card_share_to_week`,
    group: `${entity}_first_seen_cards`,
    source: 'attempts',
    entity,
    metric: 'first_seen_card_share_to_week',
    unit: 'ratio',
    meaning: `share of attempts in ten minutes whose card was never seen before, divided by the same share in seven days, of ${ENTITY_WORDS[entity]}; both with one attempt added to each side`,
    ...notSentWhen(entity),
    noHistoryWhen: NOTHING_ATTEMPTED,
    sentence: `cards never seen before at ${ENTITY_WORDS[entity]} in ten minutes, against its own week: {value}`,
  },
  {
    name: `${entity}_issuer_decline_share_to_week`,
    group: `${entity}_issuer_decline_share`,
    source: 'outcomes',
    entity,
    metric: 'issuer_decline_share_to_week',
    unit: 'ratio',
    meaning: `share of issuer declines in ten minutes, divided by the same share in seven days, of ${ENTITY_WORDS[entity]}; both with one attempt added to each side`,
    ...notSentWhen(entity),
    noHistoryWhen: NOTHING_ATTEMPTED,
    sentence: `issuer declines at ${ENTITY_WORDS[entity]} in ten minutes, against its own week: {value}`,
  },
]);

/** Entities whose labels are counted for ever. */
export const COUNTED_LABELS = ['card', 'device', 'merchant'] as const;
/** Entities of which the last label is known for ever. */
export const LABELLED_ENTITIES = [
  'account',
  'creditor',
  'card',
  'device',
  'merchant',
  'email',
  'ip',
] as const;

const KNOWN_FRAUD: readonly FeatureDefinition[] = [
  ...COUNTED_LABELS.map((entity): FeatureDefinition => ({
    name: `${entity}_fraud_labels`,
    group: `${entity}_known_fraud`,
    source: 'outcomes',
    entity,
    metric: 'fraud_labels',
    unit: 'payments',
    meaning: `labels of fraud on ${ENTITY_WORDS[entity]} ever`,
    ...notSentWhen(entity),
    noHistoryWhen: NOTHING_ATTEMPTED,
    sentence: `labels of fraud on ${ENTITY_WORDS[entity]}: {value}`,
  })),
  ...LABELLED_ENTITIES.map((entity): FeatureDefinition => ({
    name: `${entity}_days_since_fraud_label`,
    group: `${entity}_known_fraud`,
    source: 'outcomes',
    entity,
    metric: 'days_since_fraud_label',
    unit: 'days',
    meaning: `days since the last label of fraud on ${ENTITY_WORDS[entity]}`,
    ...notSentWhen(entity),
    noHistoryWhen: 'no label of fraud is known',
    sentence: `last label of fraud on ${ENTITY_WORDS[entity]}: {value} ago`,
  })),
];

/** Money that comes in and goes straight out again: the debtor of this payment as a creditor before. */
const PASSING_ON: readonly FeatureDefinition[] = [
  {
    name: 'creditor_minutes_since_inflow',
    group: 'creditor_inflow',
    source: 'outcomes',
    entity: 'creditor',
    metric: 'minutes_since_inflow',
    unit: 'minutes',
    meaning: 'minutes since this creditor last received money, within 30 days',
    noHistoryWhen: 'it received none',
    sentence: 'the creditor last received money {value} ago',
  },
  {
    name: 'account_minutes_since_inflow',
    group: 'account_inflow',
    source: 'outcomes',
    entity: 'account',
    metric: 'minutes_since_inflow',
    unit: 'minutes',
    meaning: 'minutes since the debtor last received money from others, within 30 days',
    noHistoryWhen: 'it received none',
    sentence: 'the debtor last received money {value} ago',
  },
  ...(['1h', '24h'] as const).map((window): FeatureDefinition => ({
    name: `account_amount_to_inflow_${window}`,
    group: 'account_inflow',
    source: 'outcomes',
    entity: 'account',
    metric: 'amount_to_inflow',
    window,
    unit: 'ratio',
    meaning: `the amount, divided by what the debtor received in ${window}`,
    noHistoryWhen: 'it received nothing in the window',
    unreadableWhen: 'the amount has no exchange rate',
    sentence: `the amount as a share of what the debtor received in ${window}: {value}`,
  })),
];

export const OUTCOME_FEATURES: readonly FeatureDefinition[] = [
  ...OUTCOME_WINDOW_FEATURES,
  ...AGAINST_OWN_WEEK,
  ...KNOWN_FRAUD,
  ...PASSING_ON,
];
