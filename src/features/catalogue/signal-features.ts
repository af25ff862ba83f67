/** Facts that are not payments: what was changed on the account lately, as of this payment's time. */
import type { FeatureDefinition } from '#src/features/feature-definition.ts';

/** Signals that feed features, in the order of their places in an account's history; others are only stored. */
export const SIGNAL_KINDS = [
  'login',
  'login_failed',
  'password_changed',
  'email_changed',
  'phone_changed',
  'payee_added',
  'device_enrolled',
] as const;

export const SIGNAL_FEATURES: readonly FeatureDefinition[] = SIGNAL_KINDS.map((kind) => {
  const words = kind.replaceAll('_', ' ');
  return {
    name: `account_minutes_since_${kind}`,
    group: `account_${kind}`,
    source: 'signals',
    entity: 'account',
    metric: `minutes_since_${kind}`,
    unit: 'minutes',
    meaning: `minutes since the last signal "${words}" of this account`,
    noHistoryWhen: 'no such signal is known from before this payment',
    sentence: `${words} {value} ago`,
  };
});
