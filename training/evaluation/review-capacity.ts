/**
 * What a team catches that looks at so many alerts a day: each day the payments with the highest
 * scores, up to its capacity, counted in payments of ordinary traffic. A reviewer takes about three
 * minutes for a case, so 160 alerts are one person's day.
 */
import { detect } from '#training/evaluation/scored-payments.ts';
import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';

export const ALERTS_PER_DAY = [5, 10, 20, 40, 80, 160] as const;

const DAY_MS = 86_400_000;

export interface CapacityMetrics {
  readonly alertsPerDay: number;
  /** Of the alerts. */
  readonly precision: number;
  /** Of the frauds. */
  readonly recall: number;
  readonly valueDetectionRate: number;
}

function alertsOfDay(payments: readonly ScoredPayment[], alerts: number): readonly ScoredPayment[] {
  let room = alerts;
  const chosen: ScoredPayment[] = [];
  for (const payment of payments.toSorted((one, other) => other.score - one.score)) {
    room -= payment.weight;
    if (room < 0) break;
    chosen.push(payment);
  }
  return chosen;
}

/** One line for each capacity; days are of UTC. */
export function reviewCapacity(payments: readonly ScoredPayment[]): readonly CapacityMetrics[] {
  const days = [...Map.groupBy(payments, ({ at }) => Math.floor(at / DAY_MS)).values()];
  return ALERTS_PER_DAY.map((alertsPerDay) => {
    const alerts = new Set(days.flatMap((day) => alertsOfDay(day, alertsPerDay)));
    const { flagged, fraudsCaught, recall, valueDetectionRate } = detect(
      payments,
      (payment) => alerts.has(payment),
      NaN,
    );
    return { alertsPerDay, precision: fraudsCaught / flagged, recall, valueDetectionRate };
  });
}
