/** Owns the words in which a payment's fate is reported; they are those of the outside contract. */

export type LabelKind =
  | 'stolen_card'
  | 'account_takeover'
  | 'first_party'
  | 'scam'
  | 'card_testing'
  | 'refund_abuse'
  | 'mule'
  | 'unknown';
export type LabelSource =
  | 'chargeback'
  | 'early_warning'
  | 'customer_report'
  | 'issuer'
  | 'review'
  | 'refund'
  | 'recall';

export interface Label {
  readonly paymentId: string;
  readonly label: 'fraud' | 'legitimate';
  readonly kind: LabelKind;
  readonly source: LabelSource;
  readonly state?: 'open' | 'won' | 'lost';
}
