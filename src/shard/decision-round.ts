/**
 * The payments of a batch that wait for their decision together: one scoring call, then one decision
 * after the other. Vectors of the whole batch stand in one matrix, and events refer to its rows.
 */
import type { Command, Pay } from '#src/domain/commands.ts';
import type { DecisionRecord } from '#src/domain/decision.ts';
import type { LedgerEvent, PaymentDecided } from '#src/domain/events.ts';
import type { DecidingContext } from '#src/domain/ledger/deciding.ts';
import { settlePayment } from '#src/domain/ledger/settle-payment.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import { needsExplanation, withScoreReasons } from '#src/decision/decide-payment.ts';
import type { VectorRow } from '#src/ports/feature-stage.ts';
import { decideScored, type ScoringDeps } from './decide-scored.ts';
import type { Draft } from './draft.ts';

interface RoundSettings {
  readonly deps: ScoringDeps;
  readonly contextOf: (draft: Draft) => DecidingContext;
  /** Applies events and adds them to their draft. */
  readonly append: (draft: Draft, events: readonly LedgerEvent[]) => void;
  /** At most so many payments. */
  readonly capacity: number;
}

interface WaitingPayment {
  readonly draft: Draft;
  readonly command: Pay;
  readonly request: PaymentRequest;
  readonly vector: Float32Array;
}

export class DecisionRound {
  readonly #settings: RoundSettings;
  readonly #vectors: Float32Array;
  readonly #startedMicros: number;
  /** Accounts whose balance depends on a decision of this round. */
  readonly #touched = new Set<string>();
  readonly #paymentIds = new Set<string>();
  #waiting: WaitingPayment[] = [];
  /** Row of the matrix at which this round begins. */
  #firstRow = 0;

  constructor(settings: RoundSettings) {
    this.#settings = settings;
    this.#vectors = new Float32Array(settings.capacity * settings.deps.scorer.featureCount);
    this.#startedMicros = settings.deps.nowMicros();
  }

  /** Whether the command depends on what this round has not decided yet. */
  isTouchedBy(command: Command): boolean {
    if (this.#waiting.length === 0) return false;
    switch (command.type) {
      case 'Pay':
        return this.#touched.has(command.facts.debtor);
      case 'RecordSignal':
        return false;
      case 'RecordLabel':
      case 'RecordAuthorization':
        return command.paymentId !== undefined && this.#paymentIds.has(command.paymentId);
      default:
        return true;
    }
  }

  /** Where the next payment's vector goes; the same row again until a payment is added. */
  nextRow(): VectorRow {
    const width = this.#settings.deps.scorer.featureCount;
    return { values: this.#vectors, offset: (this.#firstRow + this.#waiting.length) * width };
  }

  add(draft: Draft, command: Pay, request: PaymentRequest): void {
    const { offset } = this.nextRow();
    const vector = this.#vectors.subarray(offset, offset + this.#settings.deps.scorer.featureCount);
    this.#waiting.push({ draft, command, request, vector });
    this.#touched.add(command.facts.debtor);
    this.#touched.add(command.facts.creditor);
    this.#paymentIds.add(command.facts.id);
  }

  /** Scores and decides the round; the next one begins empty. Gives the drafts that were decided. */
  decide(): readonly Draft[] {
    const waiting = this.#waiting;
    if (waiting.length === 0) return [];
    const { scorer } = this.#settings.deps;
    const start = this.#firstRow * scorer.featureCount;
    const rows = this.#vectors.subarray(start, start + waiting.length * scorer.featureCount);
    const { probabilities, degraded } = scorer.score(rows, waiting.length);
    const decisions = waiting.map((one, index) =>
      this.#decideOne(one, probabilities[index] ?? NaN, degraded),
    );
    this.#explain(waiting, decisions);
    this.#firstRow += waiting.length;
    this.#waiting = [];
    this.#touched.clear();
    this.#paymentIds.clear();
    return waiting.map(({ draft }) => draft);
  }

  #decideOne(
    { draft, command, request, vector }: WaitingPayment,
    score: number,
    modelDegraded: boolean,
  ): DecisionRecord {
    const { deps, contextOf, append } = this.#settings;
    const payment = deps.state.ledger.payments.get(command.facts.id);
    if (!payment) throw new Error(`payment ${command.facts.id} is not known`);
    const decision = decideScored(deps, {
      payment,
      request,
      vector,
      score,
      modelDegraded,
      shardTime: draft.shardTime,
      startedMicros: this.#startedMicros,
    });
    append(draft, settlePayment(contextOf(draft), payment, { decision, vector }));
    return decision;
  }

  /** Adds what drove the score to the decisions that need it, in one further call for all. */
  #explain(waiting: readonly WaitingPayment[], decisions: readonly DecisionRecord[]): void {
    const { scorer, words } = this.#settings.deps;
    const explained = waiting.filter((_, index) => needsExplanation(decisions[index] as DecisionRecord));
    if (explained.length === 0) return;
    const rows = new Float32Array(explained.length * scorer.featureCount);
    explained.forEach(({ vector }, index) => rows.set(vector, index * scorer.featureCount));
    const reasons = scorer.explain(rows, explained.length);
    explained.forEach(({ draft }, index) => {
      const at = draft.events.findIndex((event) => event.type === 'PaymentDecided');
      const decided = draft.events[at] as PaymentDecided;
      draft.events[at] = {
        ...decided,
        decision: withScoreReasons(decided.decision, reasons[index] ?? [], words),
      };
    });
  }
}
