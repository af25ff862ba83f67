/** Makes the rows by which histories remember attempts, outcomes and labels of a payment's entities. */
import type { EntityLabel, PaymentOutcome } from '#src/ports/feature-stage.ts';
import type { TOLD } from './history/entity-kinds.ts';
import { emptyRow, ROW_KIND } from './history/history-row.ts';
import type { HistoryRow } from './history/history-row.ts';
import { HOUR_SHIFT, hourOfWeek, ROW_FLAG, WEEK_SHIFT, weekOf } from './history/layout.ts';
import type { PaymentEntities } from './payment-entities.ts';

export type ToldKind = keyof typeof TOLD;

/** What histories call the outcomes of the port; what is not here builds no feature. */
export const TOLD_KINDS: Partial<Record<PaymentOutcome['kind'], ToldKind>> = {
  posted: 'posted',
  denied: 'denied',
  rejected: 'rejected',
  reversed: 'reversed',
  fraud_label: 'fraud',
  legitimate_label: 'cleared',
  authorization_declined: 'issuerDeclined',
};

export class HistoryRows {
  /** One row, written anew by each call. */
  readonly #row = emptyRow();

  /** `amount` in the reference currency, below 0 without a rate. */
  ofAttempt(
    entities: PaymentEntities,
    slot: number,
    { featureTime, amount, isFirstSeenCard }: RatedAttemptFacts,
  ): HistoryRow {
    const row = this.#rowOf(entities, slot, { time: featureTime, amount });
    row.flags = ROW_KIND.attempt | (isFirstSeenCard ? ROW_FLAG.firstSeenCard : 0);
    return row;
  }

  ofOutcome(
    entities: PaymentEntities,
    slot: number,
    { told, outcome, amount }: { told: ToldKind; outcome: PaymentOutcome; amount: number },
  ): HistoryRow {
    const { shardTime, featureTime } = outcome;
    const row = this.#rowOf(entities, slot, {
      time: shardTime,
      amount: told === 'fraud' || told === 'cleared' ? featureTime : amount,
    });
    row.flags = ROW_KIND[told] | (told === 'posted' ? momentOf(featureTime) : 0);
    return row;
  }

  /** A label on an entity, not on a payment: it counts, and takes trust from no single payment. */
  ofLabel(
    entities: PaymentEntities,
    slot: number,
    { isFraud, shardTime }: Pick<EntityLabel, 'isFraud' | 'shardTime'>,
  ): HistoryRow {
    const row = this.#rowOf(entities, slot, { time: shardTime, amount: shardTime });
    row.attributes.fill(0);
    row.flags = isFraud ? ROW_KIND.fraud : ROW_KIND.cleared;
    return row;
  }

  #rowOf(entities: PaymentEntities, slot: number, { time, amount }: { time: number; amount: number }) {
    const row = this.#row;
    row.time = time;
    row.amount = amount;
    row.traits = entities.traits;
    row.idLow = entities.idLow;
    row.idHigh = entities.idHigh;
    const attributes = entities.attributes[slot];
    for (let at = 0; at < row.attributes.length; at++) row.attributes[at] = attributes?.[at] ?? 0;
    return row;
  }
}

interface RatedAttemptFacts {
  readonly featureTime: number;
  readonly amount: number;
  readonly isFirstSeenCard: boolean;
}

/** When in the week a payment was made, and in which week. */
function momentOf(featureTime: number): number {
  return (hourOfWeek(featureTime) << HOUR_SHIFT) | (weekOf(featureTime) << WEEK_SHIFT);
}
