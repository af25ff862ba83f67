/**
 * Runs a world under the ten rules and keeps its payments as rows, with what was observed of them.
 *
 * A payment that was denied, or that the issuer declined, never shows what it was, and payments that
 * rules deny are not like the others. So a stable share of payments is only observed, not withheld:
 * of those that the rules would have denied, these alone are rows, and each counts for the denied
 * ones as well (inverse propensity weighting: Horvitz and Thompson, 1952).
 */
import { tenRulesPolicy } from '#src/decision/shipped-policy.ts';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { openPipeline } from '#training/pipeline/open-pipeline.ts';
import { RowCollector } from '#training/pipeline/row-collector.ts';
import type { CollectedRows } from '#training/pipeline/row-collector.ts';
import { runWorld } from '#training/pipeline/run-world.ts';
import type { WorldPayment } from '#training/pipeline/run-world.ts';
import { saysFraud, whatShows } from '#training/pipeline/what-shows.ts';
import { startProgress } from '#training/progress.ts';
import type { SeededWorld, TrainingPlan } from '#training/train/training-plan.ts';
import { createWorld } from '#training/world/world.ts';

/** The share of payments that the rules only observe. */
const EXPLORED_SHARE = 0.3;

/** Before there is a model, the rules decide alone. */
const NO_MODEL: Scorer = {
  model: 'none@0',
  featureCount: FEATURE_COUNT,
  score: (_vectors, rows) => ({ probabilities: new Float32Array(rows), degraded: false }),
  explain: (_vectors, rows) => Array.from({ length: rows }, () => []),
};

interface Shares {
  readonly fraudTimes: number;
  /** The share of payments that are only observed. */
  readonly explored: number;
}

function collect(collector: RowCollector, payment: WorldPayment, shares: Shares): void {
  const { item, decided } = payment;
  const { vector, decision } = decided;
  const shows = whatShows(payment);
  if (vector === undefined || decision === undefined || shows === 'never') return;
  const isTelling = shows === 'fraud';
  const isExplored = decision.wouldBe !== undefined && decision.wouldBe !== 'approve';
  const weight = (isExplored ? 1 / shares.explored : 1) * (item.truth.fraud ? 1 / shares.fraudTimes : 1);
  collector.add({
    id: item.body.id,
    vector,
    at: item.at,
    isRare: item.truth.fraud || isExplored || isTelling,
    weight,
    family: item.truth.fraud ? item.truth.family : null,
  });
  if (isTelling) collector.label(item.body.id, true);
}

/**
 * `closed`: the rules decide, and the world hears of it. `open`: a recording of a time when everything
 * was approved, from which one should not learn; kept to show how much worse that is.
 */
export type Loop = 'closed' | 'open';

export async function collectRows(
  { keptShare, fraudTimes }: TrainingPlan,
  { parameters, seed }: SeededWorld,
  loop: Loop = 'closed',
): Promise<CollectedRows> {
  const world = createWorld(parameters, seed);
  const explored = loop === 'closed' ? EXPLORED_SHARE : 1;
  const policy = { ...tenRulesPolicy('ten-rules'), enforceShare: 1 - explored };
  const pipeline = openPipeline(NO_MODEL, policy);
  const collector = new RowCollector({ columns: FEATURE_COUNT, keptShare, seed });
  const progress = startProgress('streaming the world', 'payments');
  let payments = 0;
  await runWorld(world, pipeline, {
    isUnheard: loop === 'open',
    onPayment: (payment) => {
      payments += 1;
      collect(collector, payment, { fraudTimes, explored });
      progress.tell((payment.item.at - world.startsAt) / (world.endsAt - world.startsAt), payments);
    },
    onLabel: (label) => collector.label(label.body.paymentId, saysFraud(label)),
  });
  const rows = collector.rows();
  const frauds = rows.data.labels.reduce((sum, label) => sum + label, 0);
  progress.end(
    `${payments} payments, ${rows.data.rows} rows kept, ${frauds} of them fraud as far as observed`,
  );
  return rows;
}
