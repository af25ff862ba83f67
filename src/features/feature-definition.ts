/** What the catalogue says of a feature. It is the contract between serving, training and people. */
import type { EntityKind } from '#src/domain/entity.ts';
import type { WindowName } from './feature-window.ts';

export type FeatureUnit =
  | 'payments'
  | 'minor units'
  | 'entities'
  | 'minutes'
  | 'days'
  | 'ratio'
  | 'share'
  | 'flag'
  | 'code';

/**
 * What kind of fact a feature is, which says when an event starts to count (F3): attempts at once,
 * in the order of the log; outcomes a minute later by shard time; trust a day later; the ledger's
 * own facts and the payment's own fields have no delay.
 */
export type FeatureSource = 'payment' | 'attempts' | 'outcomes' | 'trust' | 'signals' | 'ledger';

export interface FeatureDefinition {
  readonly name: string;
  /** Features that say the same thing in other windows; explanations take a group as one. */
  readonly group: string;
  readonly source: FeatureSource;
  /** The entity whose history it is computed from; absent for the payment's own fields. */
  readonly entity?: EntityKind;
  readonly metric: string;
  readonly window?: WindowName;
  readonly unit: FeatureUnit;
  readonly meaning: string;
  /** When it is `NOT_SENT`; absent: never. */
  readonly notSentWhen?: string;
  /** When it is `NO_HISTORY`; absent: never. */
  readonly noHistoryWhen?: string;
  /** When it is `UNREADABLE`; absent: never. */
  readonly unreadableWhen?: string;
  /** A sentence for people; `{value}` stands for the value in words. */
  readonly sentence: string;
}
