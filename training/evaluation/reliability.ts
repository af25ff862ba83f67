/** Whether probabilities can be taken at their word: in bins of rising score, what was said against what came true. */
import { countWeighted } from '#training/evaluation/scored-payments.ts';
import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';

export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly payments: number;
  readonly meanScore: number;
  readonly fraudShare: number;
}

/** Fraud is rare: equal steps would leave every bin but the first empty. */
const EDGES = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.6, 1] as const;

export function reliability(payments: readonly ScoredPayment[]): readonly ReliabilityBin[] {
  return EDGES.slice(1).map((to, place) => {
    const from = EDGES[place] ?? 0;
    const within = payments.filter(({ score }) => score >= from && (score < to || (to === 1 && score === 1)));
    const mean = (value: (payment: ScoredPayment) => number): number =>
      within.reduce((sum, each) => sum + each.weight * value(each), 0) / countWeighted(within);
    return {
      from,
      to,
      payments: within.length,
      meanScore: mean((payment) => payment.score),
      fraudShare: mean((payment) => (payment.isFraud ? 1 : 0)),
    };
  });
}
