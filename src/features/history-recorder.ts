/** Adds attempts, outcomes, labels and signals to the histories of the entities that they concern. */
import type { EntityPosition } from '#src/domain/events.ts';
import type { EntityLabel, PaymentOutcome, SignalFact } from '#src/ports/feature-stage.ts';
import type { AttemptList } from './history/attempt-list.ts';
import { TOLD } from './history/entity-kinds.ts';
import type { HistoryKeeper } from './history/history-keeper.ts';
import type { HistoryRow } from './history/history-row.ts';
import { HEADER, ROW_FLAG } from './history/layout.ts';
import type { Lifetimes } from './history/lifetimes.ts';
import type { OutcomeList } from './history/outcome-list.ts';
import { HistoryRows, TOLD_KINDS } from './history-rows.ts';
import { HistoryTaker, isFirstAttempt } from './history-taker.ts';
import { ENTITY_SLOTS, SLOTS } from './key-layout.ts';
import { PaymentEntities } from './payment-entities.ts';

export interface HistoryRecorderParts {
  readonly keeper: HistoryKeeper;
  readonly attempts: AttemptList;
  readonly outcomes: OutcomeList;
  readonly lifetimes: Lifetimes;
}

/** One writer and one log: positions count within the first epoch for ever. */
const EPOCH = 0;

export class HistoryRecorder {
  readonly #keeper: HistoryKeeper;
  readonly #lifetimes: Lifetimes;
  readonly #taker: HistoryTaker;
  readonly #rows = new HistoryRows();
  readonly #entities = new PaymentEntities();

  constructor({ keeper, lifetimes, attempts, outcomes }: HistoryRecorderParts) {
    this.#keeper = keeper;
    this.#lifetimes = lifetimes;
    this.#taker = new HistoryTaker({ histories: keeper.histories, attempts, outcomes });
  }

  /** `amount` in the reference currency, below 0 without a rate. Returns where the attempt stands. */
  addAttempt(
    entities: PaymentEntities,
    { featureTime, amount }: { featureTime: number; amount: number },
  ): EntityPosition[] {
    const { histories } = this.#keeper;
    const card = entities.histories[SLOTS.card] ?? 0;
    const isFirstSeenCard = card !== 0 && isFirstAttempt(histories, card, entities);
    const positions: EntityPosition[] = [];
    for (let slot = 0; slot < ENTITY_SLOTS.length; slot++) {
      const history = entities.histories[slot] ?? 0;
      const kind = ENTITY_SLOTS[slot];
      if (history === 0 || kind === undefined) continue;
      this.#take(history, this.#rows.ofAttempt(entities, slot, { featureTime, amount, isFirstSeenCard }));
      positions.push({ kind, epoch: EPOCH, sequence: histories.double(history, HEADER.attemptsEver) });
    }
    return positions;
  }

  recordOutcome(outcome: PaymentOutcome, amount: number): void {
    const told = TOLD_KINDS[outcome.kind];
    if (told === undefined) return;
    const entities = this.#entities;
    entities.read(outcome.entityKeys);
    for (const slot of TOLD[told]) {
      const history = entities.open(this.#keeper, slot);
      if (history !== 0) this.#take(history, this.#rows.ofOutcome(entities, slot, { told, outcome, amount }));
    }
  }

  recordLabel(label: EntityLabel): void {
    const entities = this.#entities;
    entities.read(label.entityKeys);
    for (const slot of TOLD.fraud) {
      const history = entities.open(this.#keeper, slot);
      if (history !== 0) this.#take(history, this.#rows.ofLabel(entities, slot, label));
    }
  }

  recordSignal({ kind, entityKeys, occurredAt, shardTime }: SignalFact): void {
    this.#entities.read(entityKeys);
    const history = this.#entities.open(this.#keeper, SLOTS.account);
    if (history !== 0 && this.#keeper.change(history))
      this.#lifetimes.recordSignal(history, kind, Math.min(occurredAt, shardTime));
  }

  /** Unless the history holds this row of the log already. */
  #take(history: number, row: HistoryRow): void {
    if (!this.#keeper.change(history)) return;
    row.flags |= ROW_FLAG.unsaved;
    this.#taker.take(history, row);
  }
}
