/**
 * Trust and habit: built only from payments that were posted at least a day ago by shard time and
 * carry no label of fraud, so that an attacker's fresh tries cannot buy it (F3).
 */
import type { EntityKind } from '#src/domain/entity.ts';
import { ENTITY_WORDS } from '#src/features/catalogue/attempt-features.ts';
import { notSentWhen } from '#src/features/catalogue/outcome-features.ts';
import type { FeatureDefinition, FeatureUnit } from '#src/features/feature-definition.ts';

export type TenureMetric = 'first_posted' | 'last_posted' | 'posted' | 'posted_older_60d';

/** Entities with a lifetime header that outlives the windows, and what is told of it. */
export const TENURES = {
  account: ['first_posted', 'last_posted', 'posted', 'posted_older_60d'],
  creditor: ['first_posted', 'posted'],
  card: ['first_posted', 'last_posted', 'posted', 'posted_older_60d'],
  device: ['first_posted', 'last_posted', 'posted'],
  email: ['first_posted', 'posted'],
} as const satisfies Partial<Record<EntityKind, readonly TenureMetric[]>>;

export type TrustedEntity = keyof typeof TENURES;

const NOTHING_AGED = 'nothing was posted with it a day ago or earlier';

interface TenureWords {
  readonly unit: FeatureUnit;
  readonly meaning: string;
  readonly sentence: string;
}

const TENURE_WORDS: Readonly<Record<TenureMetric, TenureWords>> = {
  first_posted: {
    unit: 'days',
    meaning: 'days since the first payment posted',
    sentence: 'first payment posted {value} ago',
  },
  last_posted: {
    unit: 'days',
    meaning: 'days since the last payment posted',
    sentence: 'last payment posted {value} ago',
  },
  posted: { unit: 'payments', meaning: 'payments ever posted', sentence: '{value} payments posted before' },
  posted_older_60d: {
    unit: 'payments',
    meaning: 'payments posted in weeks that ended 60 days ago or earlier',
    sentence: '{value} payments posted more than 60 days ago',
  },
};

function defineTenure(entity: TrustedEntity): readonly FeatureDefinition[] {
  return TENURES[entity].map((metric) => {
    const { unit, meaning, sentence } = TENURE_WORDS[metric];
    return {
      name: `${entity}_${metric}`,
      group: `${entity}_tenure`,
      source: 'trust',
      entity,
      metric,
      unit,
      meaning: `${meaning} with ${ENTITY_WORDS[entity]}, at least a day old and not labelled fraud`,
      ...notSentWhen(entity),
      noHistoryWhen: NOTHING_AGED,
      sentence: `${ENTITY_WORDS[entity]}: ${sentence}`,
    };
  });
}

const AMOUNT_HABITS = [
  ['amount_to_mean', 'the amount divided by the mean'],
  ['amount_deviations', 'how many standard deviations the amount lies above the mean'],
  ['amount_to_median', 'the amount divided by the median'],
  ['amount_to_p90', 'the amount divided by the 90th percentile'],
] as const;

function defineAmountHabits(entity: 'account' | 'card'): readonly FeatureDefinition[] {
  return AMOUNT_HABITS.map(([metric, words]) => ({
    name: `${entity}_${metric}`,
    group: `${entity}_amount_habit`,
    source: 'trust',
    entity,
    metric,
    unit: 'ratio',
    meaning: `${words} of the newest 64 trusted payments of ${ENTITY_WORDS[entity]} in 30 days`,
    ...notSentWhen(entity),
    noHistoryWhen:
      metric === 'amount_deviations' ? 'there are fewer than two, or all are equal' : NOTHING_AGED,
    unreadableWhen: 'the amount has no exchange rate',
    sentence: `${words} usual for ${ENTITY_WORDS[entity]}: {value}`,
  }));
}

const SHARE_HABITS: readonly (readonly [metric: string, meaning: string, missing?: string])[] = [
  ['hour_share', 'share of its trusted payments within an hour of this time of day'],
  ['weekday_share', 'share of its trusted payments on this day of the week'],
  [
    'timezone_share',
    'share of its trusted payments with the time zone of this device',
    'no time zone was sent',
  ],
  [
    'country_share',
    'share of its trusted payments from the country of this address',
    'the country of the address is not known',
  ],
];

const TIME_HABITS: readonly FeatureDefinition[] = SHARE_HABITS.map(([metric, meaning, missing]) => ({
  name: `account_${metric}`,
  group: `account_${metric}`,
  source: 'trust',
  entity: 'account',
  metric,
  unit: 'share',
  meaning: `${meaning}, of the newest 64 in 30 days`,
  ...(missing === undefined ? {} : { notSentWhen: missing }),
  noHistoryWhen: NOTHING_AGED,
  sentence: `${meaning}: {value}`,
}));

/** Pairs whose acquaintance counts: entity, the other, where the other stands in the entity's records. */
export const PAIRS = [
  { entity: 'account', other: 'payee', attribute: 0, words: 'this payee' },
  { entity: 'account', other: 'device', attribute: 1, words: 'this device' },
  { entity: 'account', other: 'card', attribute: 2, words: 'this card' },
  { entity: 'account', other: 'network', attribute: 3, words: 'this network' },
  { entity: 'card', other: 'payee', attribute: 0, words: 'this payee' },
  { entity: 'card', other: 'device', attribute: 1, words: 'this device' },
] as const satisfies readonly { entity: EntityKind; other: string; attribute: number; words: string }[];

const PAIR_FEATURES: readonly FeatureDefinition[] = PAIRS.flatMap(({ entity, other, words }) => {
  const missing = {
    ...(other === 'payee' && entity === 'account'
      ? {}
      : { notSentWhen: `the payment names no ${entity} or no ${other}` }),
    noHistoryWhen: 'no trusted payment of the two together is known',
  };
  return [
    {
      name: `${entity}_${other}_first_posted`,
      group: `${entity}_${other}`,
      source: 'trust',
      entity,
      metric: `${other}_first_posted`,
      unit: 'days',
      meaning: `days since the first trusted payment of ${ENTITY_WORDS[entity]} with ${words}: of the last four such pairs, or of 30 days`,
      ...missing,
      sentence: `first trusted payment of ${ENTITY_WORDS[entity]} with ${words}: {value} ago`,
    },
    {
      name: `${entity}_${other}_posted_30d`,
      group: `${entity}_${other}`,
      source: 'trust',
      entity,
      metric: `${other}_posted`,
      window: '30d',
      unit: 'payments',
      meaning: `trusted payments of ${ENTITY_WORDS[entity]} with ${words} in 30 days`,
      ...missing,
      noHistoryWhen: NOTHING_AGED,
      sentence: `trusted payments of ${ENTITY_WORDS[entity]} with ${words}: {value}`,
    },
  ] satisfies readonly FeatureDefinition[];
});

export const TRUST_FEATURES: readonly FeatureDefinition[] = [
  ...(Object.keys(TENURES) as TrustedEntity[]).flatMap((entity) => defineTenure(entity)),
  ...defineAmountHabits('account'),
  ...defineAmountHabits('card'),
  ...TIME_HABITS,
  ...PAIR_FEATURES,
];
