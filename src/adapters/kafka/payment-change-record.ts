/**
 * A change of a payment as a record of the topic `decisions`: a CloudEvent in binary content mode
 * (CloudEvents 1.0, Kafka protocol binding), its key the payment's id. It is written in the transaction
 * that makes the change, so readers of committed records see each once and all of one payment in order.
 */
import type { Message } from 'kafkajs';
import type { PaymentChange } from '#src/domain/payment-change.ts';
import type { LogIdentity } from '#src/ports/event-log.ts';
import { PAYMENT_CHANGE_VERSION, type PaymentChangeBody } from './payment-change-schema.ts';

/** Names the form of the value, `docs/schemas/payment-change-1.json`. */
export const PAYMENT_CHANGE_SCHEMA = `urn:vouch:schema:payment-change:${PAYMENT_CHANGE_VERSION}`;

/** The row that has the change. */
export interface ChangePlace extends LogIdentity {
  readonly position: number;
}

export function paymentChangeRecord(
  change: PaymentChange,
  { ledgerId, shard, position }: ChangePlace,
): Pick<Message, 'key' | 'value' | 'headers'> {
  const { paymentId, record, at } = change;
  return {
    key: paymentId,
    value: JSON.stringify(bodyOf(change)),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      // The payment is part of it: one command may change several.
      ce_id: `${shard}.${position}.${record}.${paymentId}`,
      ce_source: `urn:vouch:ledger:${ledgerId}`,
      ce_type: typeOf(change),
      ce_subject: paymentId,
      ce_time: instantOf(at),
      ce_dataschema: PAYMENT_CHANGE_SCHEMA,
    },
  };
}

/** A decision is one whatever followed from it; anything else is named after the first thing that happened. */
function typeOf({ steps }: PaymentChange): string {
  return `payment.${steps.includes('decided') ? 'decided' : steps[0]}`;
}

function bodyOf({ paymentId, at, decision, awaiting, ...change }: PaymentChange): PaymentChangeBody {
  const { steps, terms, rejection, movement } = change;
  return {
    version: PAYMENT_CHANGE_VERSION,
    paymentId,
    at: instantOf(at),
    steps: [...steps],
    ...(terms && { terms }),
    ...(rejection && { rejection }),
    ...(decision && { decision: decisionOf(decision) }),
    ...(awaiting && { awaiting: { for: awaiting.for, until: instantOf(awaiting.until) } }),
    ...(movement && { movement }),
  };
}

function decisionOf(
  decision: NonNullable<PaymentChange['decision']>,
): NonNullable<PaymentChangeBody['decision']> {
  return {
    ...decision,
    diverted: [...decision.diverted],
    reasons: [...decision.reasons],
    degraded: [...decision.degraded],
    decidedAt: instantOf(decision.decidedAt),
  };
}

function instantOf(time: number): string {
  return new Date(time).toISOString();
}
