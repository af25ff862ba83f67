/**
 * Says what the closed loop is worth: the same plan trained twice, once on worlds that react to the
 * rules' decisions, once on recordings in which everything was approved; both measured on a world that
 * reacts to what the model itself decides.
 */
import { shippedPolicy } from '#src/decision/shipped-policy.ts';
import { featureList } from '#src/feature-list.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { openPipeline } from '#training/pipeline/open-pipeline.ts';
import { runWorld } from '#training/pipeline/run-world.ts';
import type { WorldPayment } from '#training/pipeline/run-world.ts';
import type { CollectedRows } from '#training/pipeline/row-collector.ts';
import { collectRows } from '#training/train/collect-rows.ts';
import type { Loop } from '#training/train/collect-rows.ts';
import { fit, scorerOf, splitRows } from '#training/train/train-model.ts';
import { evaluationSeed } from '#training/train/training-plan.ts';
import type { TrainingPlan } from '#training/train/training-plan.ts';
import { createWorld } from '#training/world/world.ts';

export interface LoopResult {
  readonly loop: Loop;
  readonly payments: number;
  readonly frauds: number;
  /** Each fraud weighted to ordinary density. */
  readonly averagePrecision: number;
  /** Of the money that attackers tried to get, what they got. */
  readonly lostShare: number;
  /** Of honest payments, those that were not simply approved. */
  readonly honestWithheldShare: number;
}

class Tally {
  readonly #scores: number[] = [];
  readonly #labels: number[] = [];
  readonly #weights: number[] = [];
  readonly #fraudTimes: number;
  #triedMinor = 0;
  #lostMinor = 0;
  #honestWithheld = 0;

  constructor(fraudTimes: number) {
    this.#fraudTimes = fraudTimes;
  }

  add({ item, decided, outcome }: WorldPayment): void {
    const { truth, body, backstage } = item;
    if (decided.decision === undefined) return;
    this.#scores.push(decided.decision.score);
    this.#labels.push(truth.fraud ? 1 : 0);
    this.#weights.push(truth.fraud ? 1 / this.#fraudTimes : 1);
    if (!truth.fraud) this.#honestWithheld += outcome === 'approve' ? 0 : 1;
    else if (backstage.issuer.approved) {
      const goesThrough =
        outcome === 'approve' ||
        (outcome === 'review' && backstage.reviewApproves) ||
        (outcome === 'challenge' && backstage.challengePasses);
      this.#triedMinor += body.amount;
      this.#lostMinor += goesThrough ? body.amount : 0;
    }
  }

  result(loop: Loop): LoopResult {
    const frauds = this.#labels.reduce((sum, label) => sum + label, 0);
    return {
      loop,
      payments: this.#labels.length,
      frauds,
      averagePrecision: averagePrecision(
        Float32Array.from(this.#scores),
        Float32Array.from(this.#labels),
        Float32Array.from(this.#weights),
      ),
      lostShare: this.#lostMinor / this.#triedMinor,
      honestWithheldShare: this.#honestWithheld / (this.#labels.length - frauds),
    };
  }
}

async function trained(plan: TrainingPlan, loop: Loop): Promise<Scorer> {
  const runs: CollectedRows[] = [];
  for (const world of plan.worlds) runs.push(await collectRows(plan, world, loop));
  return scorerOf(readReleasedModel(fit(plan, splitRows(runs, plan)), featureList()));
}

/** The backend must have been started. */
export async function studyLoop(plan: TrainingPlan, loop: Loop): Promise<LoopResult> {
  const scorer = await trained(plan, loop);
  const tally = new Tally(plan.fraudTimes);
  const world = createWorld(plan.evaluationWorld, evaluationSeed(plan));
  await runWorld(world, openPipeline(scorer, shippedPolicy({ version: loop })), {
    onPayment: (payment) => tally.add(payment),
  });
  return tally.result(loop);
}
