/** All that is measured of one model for one seat. */
import type { Scorer } from '#src/ports/scorer.ts';
import { runBesideRules } from '#training/evaluation/beside-rules.ts';
import type { BesideRules } from '#training/evaluation/beside-rules.ts';
import { modelPolicy, runClosedLoop } from '#training/evaluation/closed-loop.ts';
import type { ClosedLoop } from '#training/evaluation/closed-loop.ts';
import { averagePrecisionInterval } from '#training/evaluation/intervals.ts';
import type { Interval } from '#training/evaluation/intervals.ts';
import { modelMetrics, rulesThreshold } from '#training/evaluation/model-metrics.ts';
import type { MetricThresholds, ModelMetrics } from '#training/evaluation/model-metrics.ts';
import { observedMetrics } from '#training/evaluation/observed-metrics.ts';
import type { ObservedMetrics } from '#training/evaluation/observed-metrics.ts';
import { optionalGroups } from '#training/evaluation/optional-groups.ts';
import { reviewCapacity } from '#training/evaluation/review-capacity.ts';
import type { CapacityMetrics } from '#training/evaluation/review-capacity.ts';
import { isSent, scoreRows } from '#training/evaluation/score-rows.ts';
import { detectAt } from '#training/evaluation/scored-payments.ts';
import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';
import type { EvaluationWorld } from '#training/evaluation/stream-world.ts';
import type { Seat } from '#training/world/parameters.ts';

export interface MaskedMetrics {
  readonly averagePrecision: number;
  readonly recallAtRulesFalsePositives: number;
}

export interface SeatMetrics {
  readonly seat: Seat;
  readonly world: {
    readonly set: string;
    readonly seed: number;
    readonly days: number;
    readonly customers: number;
    /** How many times as much fraud as ordinary traffic; each counts for so much less. */
    readonly fraudTimes: number;
  };
  /** The ten rules decide, the model only scores: both on the same payments, against the truth. */
  readonly besideRules: ModelMetrics;
  readonly observed: ObservedMetrics;
  /** When a group of fields that the seat has is not sent. */
  readonly without: Readonly<Record<string, MaskedMetrics>>;
  readonly capacity: readonly CapacityMetrics[];
  /** The model decides. */
  readonly closedLoop: ClosedLoop;
}

/** The payments as another model, or the same one with less to see, scores them. */
export function withScores(
  payments: readonly ScoredPayment[],
  scores: ArrayLike<number>,
): readonly ScoredPayment[] {
  return payments.map((payment, place) => ({ ...payment, score: scores[place] ?? 0 }));
}

/** What another model is measured by beside the released one. */
export interface ShortMetrics {
  readonly averagePrecision: Interval;
  readonly recallAtRulesFalsePositives: number;
}

export function shortMetrics(payments: readonly ScoredPayment[]): ShortMetrics {
  return {
    averagePrecision: averagePrecisionInterval(payments),
    recallAtRulesFalsePositives: detectAt(payments, rulesThreshold(payments)).recall,
  };
}

function maskedMetrics(
  scorer: Scorer,
  { payments, vectors }: BesideRules,
): Readonly<Record<string, MaskedMetrics>> {
  const sent = optionalGroups().filter(({ features }) => isSent(vectors, features));
  return Object.fromEntries(
    sent.map(({ name, features }) => {
      const masked = shortMetrics(withScores(payments, scoreRows(scorer, vectors, features)));
      return [name, { ...masked, averagePrecision: masked.averagePrecision.value }];
    }),
  );
}

export interface MeasuredSeat {
  readonly metrics: SeatMetrics;
  /** For other models to be measured on. */
  readonly besideRules: BesideRules;
}

export async function measureSeat(
  scorer: Scorer,
  evaluation: EvaluationWorld,
  thresholds: MetricThresholds,
): Promise<MeasuredSeat> {
  const besideRules = await runBesideRules(scorer, evaluation);
  const { payments } = besideRules;
  const { name, days, people, seat } = evaluation.parameters;
  const metrics = {
    seat,
    world: {
      set: name,
      seed: evaluation.seed,
      days,
      customers: people.count,
      fraudTimes: evaluation.fraudTimes,
    },
    besideRules: modelMetrics(payments, thresholds),
    observed: observedMetrics(payments),
    without: maskedMetrics(scorer, besideRules),
    capacity: reviewCapacity(payments),
    closedLoop: await runClosedLoop(scorer, modelPolicy(scorer.model), evaluation),
  };
  return { metrics, besideRules };
}
