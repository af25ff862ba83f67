/**
 * The policy that stands in until somebody writes another one: thresholds from the costs that the
 * model was published with, and a few hard limits that an honest customer hardly ever meets.
 *
 * The limits are for a shop or wallet of middling size. A payment platform raises those on
 * merchants and BINs, where honest traffic grows with its own.
 */
import type { PolicyFile } from './policy-schema.ts';

export type LimitFile = NonNullable<PolicyFile['limits']>[number];

/**
 * What the derived thresholds take mistakes to cost, in cents of a euro: three minutes of a
 * reviewer at 48.00 an hour, a scheme's chargeback fee of 20.00, and a shop that earns 15 % of a
 * sale and loses another 10 % of it in later sales with each honest customer whom it turns away.
 */
export const SHIPPED_COSTS = {
  asset: 'EUR',
  reviewMinute: 80,
  reviewMinutes: 3,
  chargebackFee: 2_000,
  insultShareOfAmount: 0.1,
  margin: 0.15,
} as const satisfies NonNullable<PolicyFile['costs']>;

/** Far above what people do, so that they hold whatever the model says. */
export const SHIPPED_LIMITS: readonly LimitFile[] = [
  { code: 'card_velocity', entity: 'card', metric: 'attempts', window: 'PT10M', above: 10, then: 'deny' },
  {
    code: 'device_card_testing',
    entity: 'device',
    metric: 'distinct_cards',
    window: 'PT1H',
    above: 6,
    then: 'deny',
  },
  {
    code: 'account_card_testing',
    entity: 'account',
    metric: 'distinct_cards',
    window: 'PT10M',
    above: 6,
    then: 'deny',
  },
  {
    code: 'account_velocity',
    entity: 'account',
    metric: 'attempts',
    window: 'PT10M',
    above: 20,
    then: 'review',
  },
  {
    code: 'device_farm',
    entity: 'device',
    metric: 'distinct_accounts',
    window: 'PT24H',
    above: 8,
    then: 'review',
  },
];

/**
 * Ten rules that a sensible fraud team writes before it has a model: what a model is compared with,
 * and what decides while the first one is trained.
 */
export const TEN_RULES: readonly LimitFile[] = [
  { code: 'rule_card_attempts', entity: 'card', metric: 'attempts', window: 'PT10M', above: 3, then: 'deny' },
  {
    code: 'rule_card_attempts_day',
    entity: 'card',
    metric: 'attempts',
    window: 'PT24H',
    above: 10,
    then: 'deny',
  },
  {
    code: 'rule_device_cards',
    entity: 'device',
    metric: 'distinct_cards',
    window: 'PT1H',
    above: 2,
    then: 'deny',
  },
  {
    code: 'rule_device_accounts',
    entity: 'device',
    metric: 'distinct_accounts',
    window: 'PT24H',
    above: 3,
    then: 'deny',
  },
  {
    code: 'rule_account_attempts',
    entity: 'account',
    metric: 'attempts',
    window: 'PT1H',
    above: 6,
    then: 'deny',
  },
  {
    code: 'rule_account_cards',
    entity: 'account',
    metric: 'distinct_cards',
    window: 'PT24H',
    above: 3,
    then: 'deny',
  },
  {
    code: 'rule_account_amount',
    entity: 'account',
    metric: 'amount_sum',
    window: 'PT24H',
    above: 200_000,
    then: 'deny',
  },
  { code: 'rule_ip_attempts', entity: 'ip', metric: 'attempts', window: 'PT10M', above: 10, then: 'deny' },
  { code: 'rule_ip_cards', entity: 'ip', metric: 'distinct_cards', window: 'PT1H', above: 5, then: 'deny' },
  {
    code: 'rule_bin_new_cards',
    entity: 'bin',
    metric: 'first_seen_cards',
    window: 'PT10M',
    above: 20,
    then: 'deny',
  },
];

export interface ShippedPolicyOptions {
  readonly version: string;
  /** What the model's publication derived; from `SHIPPED_COSTS` by amount where it is not given. */
  readonly thresholds?: { readonly review: number; readonly deny: number };
}

export function shippedPolicy({ version, thresholds }: ShippedPolicyOptions): PolicyFile {
  return {
    version,
    mode: 'enforce',
    ...(thresholds ? { thresholds } : {}),
    costs: SHIPPED_COSTS,
    limits: [...SHIPPED_LIMITS],
    degraded: { model: 'review', features: 'review', log: 'review', approveBelow: 0 },
    review: { expiresAfter: 'PT24H', undoSeconds: 0, overflow: 'deny' },
    capture: { expiresAfter: 'P7D' },
    baseRate: 'auto',
  };
}

/** The ten rules alone: whatever the score is, nothing is withheld for it. */
export function tenRulesPolicy(version: string): PolicyFile {
  return { version, thresholds: { review: 2, deny: 2 }, limits: [...TEN_RULES], breaker: { enabled: false } };
}
