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
  ComingAttempt,
  EntityLabel,
  FeatureStage,
  LedgerFacts,
  PaymentOutcome,
  SignalFact,
  VectorRow,
} from '#src/ports/feature-stage.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { FEATURE_COUNT } from './feature-catalogue.ts';
import { HistoryRecorder } from './history-recorder.ts';
import { AttemptList } from './history/attempt-list.ts';
import { Histories } from './history/histories.ts';
import { HistoryImages } from './history/history-image.ts';
import { HistoryKeeper } from './history/history-keeper.ts';
import { AMOUNT_MAX } from './history/layout.ts';
import { Lifetimes } from './history/lifetimes.ts';
import { OutcomeList } from './history/outcome-list.ts';
import { PaymentEntities } from './payment-entities.ts';
import { VectorWriter } from './vector-writer.ts';

export interface HistoryFeatureSettings {
  /** Minor units of the reference currency; undefined when there is no rate. */
  readonly toReference: (amount: number, asset: string) => number | undefined;
  /** Where histories are kept; without it they live and die with the process. */
  readonly store?: StateStore;
  /** Memory for histories; what was not used for longest is forgotten beyond it. Needs a store. */
  readonly cacheBytes?: number;
}

const NO_RATE = -1;

export class HistoryFeatureStage implements FeatureStage {
  readonly featureCount: number = FEATURE_COUNT;
  protected readonly keeper: HistoryKeeper;
  readonly #toReferenceAmount: HistoryFeatureSettings['toReference'];
  readonly #writer: VectorWriter;
  readonly #recorder: HistoryRecorder;
  readonly #entities = new PaymentEntities();

  constructor({ toReference, store, cacheBytes = Infinity }: HistoryFeatureSettings) {
    this.#toReferenceAmount = toReference;
    const histories = new Histories();
    const lifetimes = new Lifetimes(histories);
    const attempts = new AttemptList(histories);
    const outcomes = new OutcomeList(histories, lifetimes);
    const images = new HistoryImages({ histories, attempts, outcomes });
    this.keeper = new HistoryKeeper({ histories, images, store, cacheBytes });
    this.#writer = new VectorWriter({ histories, outcomes, lifetimes });
    this.#recorder = new HistoryRecorder({ keeper: this.keeper, attempts, outcomes, lifetimes });
  }

  /** Bytes that histories take in memory. */
  get bytesUsed(): number {
    return this.keeper.histories.slab.bytesUsed;
  }

  /** Histories are looked up when they are first asked for; in memory there is nothing to prepare. */
  load(_attempts: readonly ComingAttempt[]): Promise<void> {
    this.keeper.begin(this.keeper.position + 1);
    return Promise.resolve();
  }

  observe(attempt: Attempt, facts: LedgerFacts, row: VectorRow): readonly EntityPosition[] {
    const { amount: amountMinor, asset } = attempt.request.facts;
    const amount = this.#toReference(amountMinor, asset);
    const entities = this.#entities;
    entities.read(attempt.entityKeys);
    entities.openAll(this.keeper);
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

  #toReference(amount: number, asset: string): number {
    const reference = this.#toReferenceAmount(amount, asset);
    return reference === undefined ? NO_RATE : Math.min(Math.round(reference), AMOUNT_MAX);
  }
}
