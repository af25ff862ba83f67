/**
 * What only a ledger knows: the debtor's money at this moment. No delay: it is exact in every round.
 * Of the creditor nothing: their account may be on another shard, and what is known of them comes from
 * their history (`creditor_first_posted`), which is the same wherever they are.
 */
import type { FeatureDefinition, FeatureUnit } from '#src/features/feature-definition.ts';

interface LedgerWords {
  readonly metric: string;
  readonly unit: FeatureUnit;
  readonly meaning: string;
  readonly noHistoryWhen?: string;
}

function define({ metric, unit, meaning, noHistoryWhen }: LedgerWords): FeatureDefinition {
  return {
    name: `debtor_${metric}`,
    group: 'debtor_balance',
    source: 'ledger',
    metric,
    unit,
    meaning,
    noHistoryWhen: `the account is not there yet${noHistoryWhen === undefined ? '' : `, or ${noHistoryWhen}`}`,
    sentence: `${meaning}: {value}`,
  };
}

export const LEDGER_FEATURES: readonly FeatureDefinition[] = [
  define({
    metric: 'available',
    unit: 'minor units',
    meaning: "the debtor's available amount before this payment, in the account's asset",
  }),
  define({
    metric: 'share_drained',
    unit: 'share',
    meaning: 'the amount as a share of what was available',
    noHistoryWhen: 'nothing was available',
  }),
  define({
    metric: 'share_held',
    unit: 'share',
    meaning: 'share of the posted balance that other payments hold',
    noHistoryWhen: 'the posted balance is not above zero',
  }),
  define({ metric: 'open_holds', unit: 'payments', meaning: "the debtor's open holds" }),
  define({
    metric: 'overdraft_used',
    unit: 'share',
    meaning: 'share of the overdraft limit in use after this payment',
    noHistoryWhen: 'there is no overdraft limit',
  }),
  define({ metric: 'account_age', unit: 'days', meaning: "days since the debtor's account was opened" }),
];
