/** Measures a released model for every seat that it may serve, and writes what was found beside it. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { policySchema } from '#src/decision/policy-schema.ts';
import { SHIPPED_COSTS } from '#src/decision/shipped-policy.ts';
import { thresholdsFromCosts } from '#src/decision/thresholds-from-costs.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import type { ModelManifest } from '#src/scoring/model-manifest.ts';
import type { SeatPayments } from '#training/evaluation/left-out.ts';
import type { MetricThresholds } from '#training/evaluation/model-metrics.ts';
import type { ReleasedMetrics } from '#training/evaluation/released-metrics.ts';
import { measureSeat } from '#training/evaluation/seat-metrics.ts';
import type { SeatMetrics } from '#training/evaluation/seat-metrics.ts';
import type { EvaluationWorld } from '#training/evaluation/stream-world.ts';
import { modelCard } from '#training/report/model-card.ts';
import { modelReport } from '#training/report/model-report.ts';
import { evaluationSeed } from '#training/train/training-plan.ts';
import type { TrainingPlan } from '#training/train/training-plan.ts';
import { forSeat } from '#training/world/parameter-sets.ts';
import type { Seat } from '#training/world/parameters.ts';

/** The amount that the manifest's thresholds are for, in cents; the policy derives its own by amount. */
const TYPICAL_AMOUNT_MINOR = 5_000;

export function typicalThresholds(): MetricThresholds {
  const { costs } = policySchema.parse({ version: 'costs', costs: SHIPPED_COSTS });
  if (costs === undefined) throw new Error('the shipped costs are gone');
  return thresholdsFromCosts(costs, TYPICAL_AMOUNT_MINOR);
}

function evaluationWorld(plan: TrainingPlan, seat: Seat): EvaluationWorld {
  const { evaluationWorld: parameters, fraudTimes } = plan;
  return { parameters: forSeat(parameters, seat), seed: evaluationSeed(plan), fraudTimes };
}

const SEATS: readonly Seat[] = ['wallet', 'shop', 'bank'];

/** The seats whose traffic the model was trained on. */
export function seatsOf({ seats }: Pick<ModelManifest, 'seats'>): readonly Seat[] {
  return SEATS.filter((seat) => seats.includes(seat));
}

export interface MeasuredModel {
  readonly seats: readonly SeatMetrics[];
  readonly payments: readonly SeatPayments[];
}

/** One seat after the other, on the world that nothing was fitted to. */
export async function measureModel(
  plan: TrainingPlan,
  scorer: Scorer,
  seats: readonly Seat[],
): Promise<MeasuredModel> {
  const metrics: SeatMetrics[] = [];
  const payments: SeatPayments[] = [];
  for (const seat of seats) {
    const measured = await measureSeat(scorer, evaluationWorld(plan, seat), typicalThresholds());
    metrics.push(measured.metrics);
    payments.push({ seat, ...measured.besideRules });
  }
  return { seats: metrics, payments };
}

export async function writeMetrics(
  folder: string,
  manifest: ModelManifest,
  metrics: ReleasedMetrics,
): Promise<void> {
  await writeFile(path.join(folder, 'metrics.json'), `${JSON.stringify(metrics, undefined, 1)}\n`);
  await writeFile(path.join(folder, 'README.md'), modelCard(manifest, metrics));
  await writeFile(path.join(folder, 'report.html'), modelReport(metrics));
}
