/**
 * The product's own features of a transaction: it goes through the product's histories as a payment
 * from the card's account to the terminal's, is posted, and its label arrives one label delay later.
 */
import { NOT_SENT } from '#src/domain/feature-value.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import type { LedgerFacts, PaymentOutcome } from '#src/ports/feature-stage.ts';
import type { FeatureSource, Transaction } from '#training/handbook/feature-source.ts';
import { FIRST_DAY } from '#training/handbook/transactions.ts';

const KEY = new Uint8Array(16).fill(7);
const STARTS_AT = Date.parse(`${FIRST_DAY}T00:00:00Z`);

/** Accounts here have neither balance nor age. */
const FACTS: LedgerFacts = {
  debtorKnown: true,
  debtorPosted: 0,
  debtorHeld: 0,
  debtorOpenHolds: 0,
  debtorOverdraftLimit: undefined,
  debtorOpenedAt: undefined,
  creditorOpenedAt: undefined,
};

/** What a card, a terminal, an amount and a time can say; the rest would be constant. */
function isUseful({ source, entity }: (typeof FEATURES)[number]): boolean {
  if (source === 'ledger' || source === 'signals') return false;
  return entity === undefined || entity === 'card' || entity === 'merchant';
}

function requestOf({ second, card, terminal, amountMinor }: Transaction, number: number): PaymentRequest {
  return {
    facts: {
      id: `t${number}`,
      occurredAt: STARTS_AT + second * 1000,
      amount: amountMinor,
      asset: 'EUR',
      debtor: `card:${card}`,
      creditor: `terminal:${terminal}`,
      capture: 'automatic',
      merchant: { id: `m${terminal}` },
    },
    personal: { cardId: `c${card}` },
  };
}

export function createProductFeatures(labelDelaySeconds: number): FeatureSource {
  const stage = new HistoryFeatureStage({ toReference: (amount) => amount });
  const keyer = createEntityKeyer({ key: KEY });
  const columns = FEATURES.flatMap((feature, place) => (isUseful(feature) ? [place] : []));
  const values = new Float32Array(FEATURES.length);
  const labels: PaymentOutcome[] = [];
  let [told, number] = [0, 0];

  const tellLabels = (now: number): void => {
    for (; told < labels.length && (labels[told]?.shardTime ?? 0) <= now; told++)
      stage.recordOutcome(labels[told] as PaymentOutcome);
  };

  return {
    names: columns.map((place) => FEATURES[place]?.name ?? ''),
    observe: (transaction, isFraud, { out, at }) => {
      const request = requestOf(transaction, (number += 1));
      const { id, occurredAt, amount, asset } = request.facts;
      const entityKeys = keyer.ofPayment(request);
      tellLabels(occurredAt);
      void stage.load([entityKeys]);
      values.fill(NOT_SENT);
      const attempt = {
        request,
        entityKeys,
        featureTime: occurredAt,
        receivedAt: occurredAt,
        shardTime: occurredAt,
      };
      stage.observe(attempt, FACTS, { values, offset: 0 });
      columns.forEach((place, column) => (out[at + column] = values[place] as number));
      const outcome = { paymentId: id, entityKeys, featureTime: occurredAt, amount, asset };
      stage.recordOutcome({ ...outcome, kind: 'posted', shardTime: occurredAt });
      if (isFraud)
        labels.push({ ...outcome, kind: 'fraud_label', shardTime: occurredAt + labelDelaySeconds * 1000 });
    },
  };
}
