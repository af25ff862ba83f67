/** The decision on one scored payment, whether it is the first or a later one. */
import { decidePayment } from '#src/decision/decide-payment.ts';
import type { FeatureWords } from '#src/decision/feature-words.ts';
import type { DecisionRecord } from '#src/domain/decision.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { degradedCauses } from './degraded-causes.ts';
import type { ShardState } from './shard-state.ts';

export interface ScoringDeps {
  readonly state: ShardState;
  readonly scorer: Scorer;
  readonly words: FeatureWords;
  /** Monotonic, for what a decision took. */
  readonly nowMicros: () => number;
}

export interface ScoredPayment {
  readonly payment: Readonly<PaymentState>;
  readonly request: PaymentRequest;
  readonly vector: Float32Array;
  readonly score: number;
  /** The stand-in gave the score. */
  readonly modelDegraded: boolean;
  readonly shardTime: number;
  /** When the work on it began, by `nowMicros`. */
  readonly startedMicros: number;
}

export function decideScored(deps: ScoringDeps, scored: ScoredPayment): DecisionRecord {
  const { state, scorer, words, nowMicros } = deps;
  const { payment, request, vector, score, modelDegraded, shardTime, startedMicros } = scored;
  return decidePayment(
    { state: state.decisions, words },
    {
      payment: request,
      number: payment.decisions + 1,
      vectors: vector,
      offset: 0,
      score,
      model: modelDegraded ? standInOf(scorer.model) : scorer.model,
      degraded: degradedCauses(vector, modelDegraded),
      shardTime,
      tookMicros: Math.round(nowMicros() - startedMicros),
    },
  );
}

/** The name under which the logistic stand-in of a model decides. */
function standInOf(model: string): string {
  return `${model}/stand-in`;
}
