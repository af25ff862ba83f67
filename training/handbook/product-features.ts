/**
 * What the product itself would know of a card transaction: each goes as a payment through the feature
 * stage that serves, customer as account, terminal as creditor and merchant. It is posted at once; a
 * fraud is told as a label when the protocol's delay is over, and never before.
 */
import type { PaymentRequest } from '#src/domain/payment.ts';
import { FEATURE_COUNT, FEATURES } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import { type Attempt, NO_LEDGER_FACTS, type PaymentOutcome } from '#src/ports/feature-stage.ts';
import type { FeatureSource, Transaction } from '#training/handbook/feature-source.ts';
import { FIRST_DAY } from '#training/handbook/transactions.ts';

const STARTS_AT = Date.parse(`${FIRST_DAY}T00:00:00Z`);
const ASSET = 'EUR';
/** Nothing outlives the run, and the same run must give the same values. */
const KEY = new Uint8Array(16).fill(7);

/**
 * Which of the product's features are learnt from, chosen on the four folds before the published ones. The
 * data name a customer, a terminal, an amount and a time; what the product makes of anything else is never there.
 */
const CHOSEN: readonly RegExp[] = [
  /^(amount|hour|weekday)$/,
  /^account_(attempts|amount_sum)_(24h|7d|30d)$/,
  /^account_(amount_mean|amount_max|amount_deviation|distinct_payees)_30d$/,
  /^account_(minutes_since_attempt|days_since_first_attempt|amount_to_.*|amount_deviations|payee_.*|posted|days_since_fraud_label)$/,
  /^merchant_attempts_(24h|7d|30d)$/,
  /^merchant_(amount_mean|amount_deviation)_30d$/,
  /^merchant_(fraud_labels.*|days_since_fraud_label|minutes_since_attempt|first_seen.*_7d)$/,
];

const PLACES: readonly number[] = FEATURES.flatMap(({ name }, place) =>
  CHOSEN.some((pattern) => pattern.test(name)) ? [place] : [],
);

function requestOf({ card, terminal, amountMinor }: Transaction, at: number, number: number): PaymentRequest {
  return {
    facts: {
      id: String(number),
      occurredAt: at,
      amount: amountMinor,
      asset: ASSET,
      debtor: `customer:${card}`,
      creditor: `terminal:${terminal}`,
      capture: 'automatic',
      merchant: { id: `terminal:${terminal}` },
    },
    personal: {},
  };
}

export function createProductFeatures(labelDelaySeconds: number): FeatureSource {
  const stage = new HistoryFeatureStage({ toReference: (amount) => amount });
  const keyer = createEntityKeyer({ key: KEY });
  const vector = new Float32Array(FEATURE_COUNT);
  const labels: PaymentOutcome[] = [];
  let told = 0;
  let payments = 0;

  const tellLabels = (now: number): void => {
    for (; told < labels.length && (labels[told]?.shardTime ?? 0) <= now; told++)
      stage.recordOutcome(labels[told] as PaymentOutcome);
  };

  return {
    names: PLACES.map((place) => FEATURES[place]?.name ?? ''),
    observe: (transaction, isFraud, { out, at }) => {
      const now = STARTS_AT + transaction.second * 1000;
      tellLabels(now);
      const request = requestOf(transaction, now, (payments += 1));
      const entityKeys = keyer.ofPayment(request);
      const attempt: Attempt = { request, entityKeys, featureTime: now, receivedAt: now, shardTime: now };
      stage.observe(attempt, NO_LEDGER_FACTS, { values: vector, offset: 0 });
      PLACES.forEach((place, column) => (out[at + column] = vector[place] as number));
      const { amountMinor: amount } = transaction;
      const outcome = {
        origin: payments,
        paymentId: request.facts.id,
        entityKeys,
        featureTime: now,
        amount,
        asset: ASSET,
      };
      stage.recordOutcome({ ...outcome, kind: 'posted', shardTime: now });
      if (isFraud)
        labels.push({ ...outcome, kind: 'fraud_label', shardTime: now + labelDelaySeconds * 1000 });
    },
  };
}
