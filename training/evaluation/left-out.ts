/**
 * What a model makes of a kind of fraud that nobody had seen when it was trained: each family is left
 * out of the training rows in turn, and the model that comes of it is measured on that family.
 */
import type { Scorer } from '#src/ports/scorer.ts';
import type { BesideRules } from '#training/evaluation/beside-rules.ts';
import type { Interval } from '#training/evaluation/intervals.ts';
import { familyMetrics, rulesThreshold } from '#training/evaluation/model-metrics.ts';
import { scoreRows } from '#training/evaluation/score-rows.ts';
import { withScores } from '#training/evaluation/seat-metrics.ts';
import { FAMILIES } from '#training/world/parameters.ts';
import type { Family, Seat } from '#training/world/parameters.ts';

export interface FamilyScore {
  /** Ranked among all honest payments. */
  readonly averagePrecision: Interval;
  readonly recallAtRulesFalsePositives: Interval;
}

export interface LeftOutFamily {
  readonly family: Family;
  readonly seat: Seat;
  readonly frauds: number;
  /** Of the released model. */
  readonly learnt: FamilyScore;
  /** Of a model that never saw the family. */
  readonly leftOut: FamilyScore;
}

export interface SeatPayments extends BesideRules {
  readonly seat: Seat;
}

function familyScore({ payments, vectors }: BesideRules, family: Family, scorer?: Scorer): FamilyScore {
  const scored = scorer === undefined ? payments : withScores(payments, scoreRows(scorer, vectors));
  const thresholds = { review: 1, deny: 1, equal: rulesThreshold(scored) };
  const { averagePrecision, recallAtRulesFalsePositives } = familyMetrics(family, scored, thresholds);
  return { averagePrecision, recallAtRulesFalsePositives };
}

/** `trainWithout` makes a model from all rows but the family's. */
export async function leaveFamiliesOut(
  seats: readonly SeatPayments[],
  trainWithout: (family: Family) => Promise<Scorer>,
): Promise<readonly LeftOutFamily[]> {
  const results: LeftOutFamily[] = [];
  for (const family of FAMILIES) {
    const concerned = seats.filter(({ payments }) => payments.some((payment) => payment.family === family));
    if (concerned.length === 0) continue;
    const scorer = await trainWithout(family);
    for (const seat of concerned) {
      results.push({
        family,
        seat: seat.seat,
        frauds: seat.payments.filter((payment) => payment.family === family).length,
        learnt: familyScore(seat, family),
        leftOut: familyScore(seat, family, scorer),
      });
    }
  }
  return results;
}
