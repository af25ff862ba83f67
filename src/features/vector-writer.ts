/** Writes the vector of one attempt from the histories as they stand before it. */
import { NO_HISTORY, NOT_SENT } from '#src/domain/feature-value.ts';
import type { Attempt, LedgerFacts, VectorRow } from '#src/ports/feature-stage.ts';
import { SIGNAL_KINDS } from './catalogue/signal-features.ts';
import { featureIndex, FEATURES } from './feature-catalogue.ts';
import { AttemptFold } from './history/attempt-fold.ts';
import { TRUSTED_KINDS } from './history/entity-kinds.ts';
import { HabitFold } from './history/habit-fold.ts';
import type { Histories, Place } from './history/histories.ts';
import { emptyPlace } from './history/histories.ts';
import { HEADER, hourOfWeek, LIFETIME } from './history/layout.ts';
import type { Lifetimes } from './history/lifetimes.ts';
import { OutcomeFold } from './history/outcome-fold.ts';
import type { OutcomeList } from './history/outcome-list.ts';
import { countryOfTraits, ENTITY_SLOTS, SLOTS } from './key-layout.ts';
import type { PaymentEntities } from './payment-entities.ts';
import { writeAttempts, writeNoAttempts } from './writers/attempt-writer.ts';
import { writeLedger } from './writers/ledger-writer.ts';
import { PassedOn, writeDebtorInflow, writeOutcomes } from './writers/outcome-writer.ts';
import { writePayment } from './writers/payment-writer.ts';
import { writeCountryChanges, writeUsuallySent } from './writers/source-writer.ts';
import { writeAccountHabits, writeAmountHabit, writePairs, writeTenure } from './writers/trust-writer.ts';

/** For each slot, what says "not sent" when the payment does not name the entity. */
const ABSENT: readonly (readonly number[])[] = ENTITY_SLOTS.map((kind) =>
  FEATURES.filter(({ entity }) => entity === kind).map(({ name }) => featureIndex(name)),
);
const SIGNALS = SIGNAL_KINDS.map((kind) => featureIndex(`account_minutes_since_${kind}`));
const MINUTE_MS = 60_000;

export interface VectorWriterParts {
  readonly histories: Histories;
  readonly outcomes: OutcomeList;
  readonly lifetimes: Lifetimes;
}

/** An attempt with its amount in the reference currency, below 0 when there is no rate. */
export interface RatedAttempt {
  readonly attempt: Attempt;
  readonly amount: number;
}

export class VectorWriter {
  readonly #histories: Histories;
  readonly #lifetimes: Lifetimes;
  readonly #attempts: AttemptFold;
  readonly #outcomes: OutcomeFold;
  readonly #habit: HabitFold;
  readonly #passedOn = new PassedOn();
  readonly #extension = emptyPlace();

  constructor({ histories, outcomes, lifetimes }: VectorWriterParts) {
    this.#histories = histories;
    this.#lifetimes = lifetimes;
    this.#attempts = new AttemptFold(histories);
    this.#outcomes = new OutcomeFold(histories, outcomes);
    this.#habit = new HabitFold(this.#outcomes);
  }

  write(
    entities: PaymentEntities,
    rated: RatedAttempt,
    { facts, row }: { facts: LedgerFacts; row: VectorRow },
  ): void {
    const { request, featureTime, receivedAt, shardTime } = rated.attempt;
    const ipCountry = countryOfTraits(entities.traits);
    writePayment(request, { featureTime, receivedAt, amount: rated.amount, ipCountry }, row);
    writeLedger(facts, { amount: request.facts.amount, shardTime }, row);
    for (let slot = 0; slot < ENTITY_SLOTS.length; slot++) {
      if (entities.histories[slot] === 0) this.#writeAbsent(slot, row);
      else this.#writeEntity(slot, { entities, rated, row });
    }
    this.#writeFlow(entities, rated, row);
  }

  #writeAbsent(slot: number, { values, offset }: VectorRow): void {
    for (const feature of ABSENT[slot] ?? []) values[offset + feature] = NOT_SENT;
  }

  #writeEntity(
    slot: number,
    { entities, rated, row }: { entities: PaymentEntities; rated: RatedAttempt; row: VectorRow },
  ): void {
    const history = entities.histories[slot] ?? 0;
    const { featureTime: now, shardTime } = rated.attempt;
    const attempts = this.#attempts;
    const outcomes = this.#outcomes;
    attempts.fold(history, now);
    outcomes.fold(history, shardTime);
    const isKnown = this.#histories.double(history, HEADER.attemptsEver) > 0;
    if (isKnown) {
      const firstAttemptAt = this.#histories.double(history, HEADER.firstAttemptAt);
      writeAttempts(attempts, { slot, now, firstAttemptAt }, row);
    } else {
      writeNoAttempts(slot, row);
    }
    writeOutcomes({ slot, attempts, outcomes, shardTime, isKnown }, row);
    if (TRUSTED_KINDS.has(slot)) this.#writeTrust(slot, { entities, rated, row });
    const attributes = entities.attributes[slot];
    if (slot === SLOTS.creditor && attributes) {
      writeUsuallySent(attempts, { now, attributes }, row);
      this.#passedOn.takeInflow(outcomes);
    }
    if (slot === SLOTS.account) writeCountryChanges(attempts, { now, traits: entities.traits }, row);
  }

  #writeTrust(
    slot: number,
    { entities, rated, row }: { entities: PaymentEntities; rated: RatedAttempt; row: VectorRow },
  ): void {
    const { featureTime, shardTime } = rated.attempt;
    const lifetimes = this.#lifetimes;
    const extension = lifetimes.locate(entities.histories[slot] ?? 0, this.#extension);
    const { freshWithdrawals } = this.#outcomes.labels;
    writeTenure(slot, { extension, freshWithdrawals, lifetimes, shardTime }, row);
    const attributes = entities.attributes[slot];
    if ((slot !== SLOTS.account && slot !== SLOTS.card) || !attributes) return;
    const habit = this.#habit;
    const question = { shardTime, hourOfWeek: hourOfWeek(featureTime), traits: entities.traits, attributes };
    habit.fold(question);
    writeAmountHabit(slot, { habit, amount: rated.amount }, row);
    writePairs(slot, { habit, question, extension }, row);
    if (slot !== SLOTS.account) return;
    writeAccountHabits(habit, question, row);
    writeSignals(extension, featureTime, row);
  }

  /** Money that the debtor received before, and that the creditor passed on. */
  #writeFlow(entities: PaymentEntities, { attempt, amount }: RatedAttempt, row: VectorRow): void {
    const { shardTime } = attempt;
    const outcomes = this.#outcomes;
    outcomes.fold(entities.histories[SLOTS.debtorAsCreditor] ?? 0, shardTime);
    writeDebtorInflow(outcomes, { shardTime, amount }, row);
    outcomes.fold(entities.histories[SLOTS.creditorAsAccount] ?? 0, shardTime);
    this.#passedOn.write(outcomes, row);
  }
}

function writeSignals(extension: Place | undefined, now: number, { values, offset }: VectorRow): void {
  SIGNALS.forEach((feature, signal) => {
    const at = extension ? (extension.doubles[extension.at + LIFETIME.signals + signal] ?? 0) : 0;
    values[offset + feature] = at === 0 || at > now ? NO_HISTORY : (now - at) / MINUTE_MS;
  });
}
