/**
 * The features of a shard, from histories that it keeps itself.
 *
 * `observe` first writes the whole vector from what was there before, then adds the attempt to the
 * history of every entity that the payment names. What is exact and what is not stands in the
 * catalogue; what a history is, in `history/layout.ts`.
 */
import type { EntityPosition } from '#src/domain/events.ts';
import type {
  Attempt,
  EntityLabel,
  FeatureStage,
  LedgerFacts,
  PaymentOutcome,
  SignalFact,
  VectorRow,
} from '#src/ports/feature-stage.ts';
import { FEATURE_COUNT } from './feature-catalogue.ts';
import { HistoryRecorder } from './history-recorder.ts';
import { AttemptList } from './history/attempt-list.ts';
import { Histories } from './history/histories.ts';
import { HistoryKeeper } from './history/history-keeper.ts';
import { AMOUNT_MAX } from './history/layout.ts';
import { Lifetimes } from './history/lifetimes.ts';
import { OutcomeList } from './history/outcome-list.ts';
import { PaymentEntities } from './payment-entities.ts';
import { VectorWriter } from './vector-writer.ts';

export interface HistoryFeatureSettings {
  /** Minor units of the reference currency; undefined when there is no rate. */
  readonly toReference: (amount: number, asset: string) => number | undefined;
}

const NO_RATE = -1;

export class HistoryFeatureStage implements FeatureStage {
  readonly featureCount: number = FEATURE_COUNT;
  readonly #settings: HistoryFeatureSettings;
  readonly #keeper: HistoryKeeper;
  readonly #writer: VectorWriter;
  readonly #recorder: HistoryRecorder;
  readonly #entities = new PaymentEntities();

  constructor(settings: HistoryFeatureSettings) {
    this.#settings = settings;
    const histories = new Histories();
    const lifetimes = new Lifetimes(histories);
    const attempts = new AttemptList(histories);
    const outcomes = new OutcomeList(histories, lifetimes);
    this.#keeper = new HistoryKeeper(histories);
    this.#writer = new VectorWriter({ histories, outcomes, lifetimes });
    this.#recorder = new HistoryRecorder({ keeper: this.#keeper, attempts, outcomes, lifetimes });
  }

  load(_entityKeys: readonly Uint8Array[]): Promise<void> {
    this.#keeper.begin(this.#keeper.position + 1);
    return Promise.resolve();
  }

  observe(attempt: Attempt, facts: LedgerFacts, row: VectorRow): readonly EntityPosition[] {
    const { amount: amountMinor, asset } = attempt.request.facts;
    const amount = this.#toReference(amountMinor, asset);
    const entities = this.#entities;
    entities.read(attempt.entityKeys);
    entities.openAll(this.#keeper);
    this.#writer.write(entities, { attempt, amount }, { facts, row });
    return this.#recorder.addAttempt(entities, { featureTime: attempt.featureTime, amount });
  }

  recordOutcome(outcome: PaymentOutcome): void {
    this.#recorder.recordOutcome(outcome, this.#toReference(outcome.amount, outcome.asset));
  }

  recordSignal(signal: SignalFact): void {
    this.#recorder.recordSignal(signal);
  }

  recordLabel(label: EntityLabel): void {
    this.#recorder.recordLabel(label);
  }

  discard(): void {
    this.#keeper.discard();
  }

  #toReference(amount: number, asset: string): number {
    const reference = this.#settings.toReference(amount, asset);
    return reference === undefined ? NO_RATE : Math.min(Math.round(reference), AMOUNT_MAX);
  }
}
