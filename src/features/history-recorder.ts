/** Adds attempts, outcomes, labels and signals to the histories of the entities that they concern. */
import type { EntityPosition } from '#src/domain/events.ts';
import type { EntityLabel, PaymentOutcome, SignalFact } from '#src/ports/feature-stage.ts';
import type { AttemptList } from './history/attempt-list.ts';
import { TOLD } from './history/entity-kinds.ts';
import type { HistoryKeeper } from './history/history-keeper.ts';
import { emptyRow, ROW_KIND } from './history/history-row.ts';
import {
  HEADER,
  HEADER_WORD,
  HOUR_SHIFT,
  hourOfWeek,
  ROW_FLAG,
  WEEK_SHIFT,
  weekOf,
} from './history/layout.ts';
import type { Lifetimes } from './history/lifetimes.ts';
import type { OutcomeList } from './history/outcome-list.ts';
import { ENTITY_SLOTS, SLOTS } from './key-layout.ts';
import { PaymentEntities } from './payment-entities.ts';

export interface HistoryRecorderParts {
  readonly keeper: HistoryKeeper;
  readonly attempts: AttemptList;
  readonly outcomes: OutcomeList;
  readonly lifetimes: Lifetimes;
}

type ToldKind = keyof typeof TOLD;

/** What histories call the outcomes of the port; what is not here builds no feature. */
const KINDS: Partial<Record<PaymentOutcome['kind'], ToldKind>> = {
  posted: 'posted',
  denied: 'denied',
  rejected: 'rejected',
  reversed: 'reversed',
  fraud_label: 'fraud',
  authorization_declined: 'issuerDeclined',
};

/** One writer and one log: positions count within the first epoch for ever. */
const EPOCH = 0;

export class HistoryRecorder {
  readonly #parts: HistoryRecorderParts;
  readonly #entities = new PaymentEntities();
  readonly #row = emptyRow();

  constructor(parts: HistoryRecorderParts) {
    this.#parts = parts;
  }

  /** `amount` in the reference currency, below 0 without a rate. Returns where the attempt stands. */
  addAttempt(
    entities: PaymentEntities,
    { featureTime, amount }: { featureTime: number; amount: number },
  ): EntityPosition[] {
    const { keeper, attempts } = this.#parts;
    const { histories } = keeper;
    const isFirstSeenCard = this.#isFirstSeenCard(entities);
    const positions: EntityPosition[] = [];
    for (let slot = 0; slot < ENTITY_SLOTS.length; slot++) {
      const history = entities.histories[slot] ?? 0;
      const kind = ENTITY_SLOTS[slot];
      if (history === 0 || kind === undefined) continue;
      if (keeper.change(history)) {
        const row = this.#rowOf(entities, slot, { time: featureTime, amount });
        row.flags = ROW_KIND.attempt | ROW_FLAG.unsaved | (isFirstSeenCard ? ROW_FLAG.firstSeenCard : 0);
        this.#countAttempt(history, entities, featureTime);
        attempts.add(history, row);
      }
      positions.push({ kind, epoch: EPOCH, sequence: histories.double(history, HEADER.attemptsEver) });
    }
    return positions;
  }

  recordOutcome(outcome: PaymentOutcome, amount: number): void {
    const told = KINDS[outcome.kind];
    if (told === undefined) return;
    const entities = this.#entities;
    entities.read(outcome.entityKeys);
    for (const slot of TOLD[told]) {
      const history = entities.open(this.#parts.keeper, slot);
      if (history === 0 || !this.#parts.keeper.change(history)) continue;
      const isLabel = told === 'fraud';
      const row = this.#rowOf(entities, slot, {
        time: outcome.shardTime,
        amount: isLabel ? outcome.featureTime : amount,
      });
      row.flags = ROW_KIND[told] | ROW_FLAG.unsaved | (told === 'posted' ? momentOf(outcome.featureTime) : 0);
      this.#parts.outcomes.add(history, row);
    }
  }

  /** A label on an entity, not on a payment: it counts, and takes trust from no single payment. */
  recordLabel({ entityKeys, isFraud, shardTime }: EntityLabel): void {
    if (!isFraud) return;
    const entities = this.#entities;
    entities.read(entityKeys);
    for (const slot of TOLD.fraud) {
      const history = entities.open(this.#parts.keeper, slot);
      if (history === 0 || !this.#parts.keeper.change(history)) continue;
      const row = this.#rowOf(entities, slot, { time: shardTime, amount: shardTime });
      row.attributes.fill(0);
      row.flags = ROW_KIND.fraud | ROW_FLAG.unsaved;
      this.#parts.outcomes.add(history, row);
    }
  }

  recordSignal({ kind, entityKeys, occurredAt, shardTime }: SignalFact): void {
    const { keeper, lifetimes } = this.#parts;
    this.#entities.read(entityKeys);
    const history = this.#entities.open(keeper, SLOTS.account);
    if (history !== 0 && keeper.change(history))
      lifetimes.recordSignal(history, kind, Math.min(occurredAt, shardTime));
  }

  /** Known by the id of the card's first attempt, so that a replay over a stored history says the same. */
  #isFirstSeenCard(entities: PaymentEntities): boolean {
    const card = entities.histories[SLOTS.card] ?? 0;
    if (card === 0) return false;
    const { histories } = this.#parts.keeper;
    if (histories.double(card, HEADER.attemptsEver) === 0) return true;
    return (
      histories.word(card, HEADER_WORD.firstIdLow) === entities.idLow &&
      histories.word(card, HEADER_WORD.firstIdHigh) === entities.idHigh
    );
  }

  #countAttempt(history: number, { idLow, idHigh }: PaymentEntities, featureTime: number): void {
    const { histories } = this.#parts.keeper;
    const attempts = histories.double(history, HEADER.attemptsEver);
    histories.setDouble(history, HEADER.attemptsEver, attempts + 1);
    const firstAt = histories.double(history, HEADER.firstAttemptAt);
    if (attempts === 0 || featureTime < firstAt)
      histories.setDouble(history, HEADER.firstAttemptAt, featureTime);
    if (attempts > 0) return;
    histories.setWord(history, HEADER_WORD.firstIdLow, idLow);
    histories.setWord(history, HEADER_WORD.firstIdHigh, idHigh);
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

/** When in the week a payment was made, and in which week. */
function momentOf(featureTime: number): number {
  return (hourOfWeek(featureTime) << HOUR_SHIFT) | (weekOf(featureTime) << WEEK_SHIFT);
}
