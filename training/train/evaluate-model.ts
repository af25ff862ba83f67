/**
 * Measures a model on a world that it has not seen, twice: with the ten rules deciding and the model
 * only scoring, so that both are judged on the same payments; then with the model deciding, because
 * only then do attackers react to it.
 */
import { shippedPolicy, tenRulesPolicy } from '#src/decision/shipped-policy.ts';
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { campaignEnds } from '#training/evaluation/campaign-ends.ts';
import type { CampaignPayment, FamilyEnd } from '#training/evaluation/campaign-ends.ts';
import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';
import { openPipeline } from '#training/pipeline/open-pipeline.ts';
import { runWorld } from '#training/pipeline/run-world.ts';
import type { WorldPayment } from '#training/pipeline/run-world.ts';
import { startProgress } from '#training/progress.ts';
import { createWorld } from '#training/world/world.ts';
import type { WorldParameters } from '#training/world/parameters.ts';

export interface EvaluationWorld {
  readonly parameters: WorldParameters;
  readonly seed: number;
  /** How many times as much fraud as in ordinary traffic it has. */
  readonly fraudTimes: number;
}

async function stream(
  evaluation: EvaluationWorld,
  decider: { readonly scorer: Scorer; readonly policy: PolicyFile; readonly what: string },
  onPayment: (payment: WorldPayment) => void,
): Promise<void> {
  const world = createWorld(evaluation.parameters, evaluation.seed);
  const progress = startProgress(decider.what, 'payments');
  let payments = 0;
  await runWorld(world, openPipeline(decider.scorer, decider.policy), {
    onPayment: (payment) => {
      payments += 1;
      onPayment(payment);
      progress.tell((payment.item.at - world.startsAt) / (world.endsAt - world.startsAt), payments);
    },
  });
  progress.end(`${payments} payments`);
}

function scoredPayment({ item, decided }: WorldPayment, fraudTimes: number): ScoredPayment {
  const { truth, body, at } = item;
  return {
    at,
    amountMinor: body.amount,
    score: decided.decision?.score ?? 0,
    weight: truth.fraud ? 1 / fraudTimes : 1,
    isFlaggedByRules: decided.decision?.outcome !== 'approve',
    isFraud: truth.fraud,
    family: truth.family,
    campaign: truth.campaign,
    account: body.debtor,
  };
}

/** Every payment that reached a decision, scored by the model while the rules decided. */
export async function scoreBesideRules(
  scorer: Scorer,
  evaluation: EvaluationWorld,
): Promise<readonly ScoredPayment[]> {
  const scored: ScoredPayment[] = [];
  const decider = { scorer, policy: tenRulesPolicy('ten-rules'), what: 'measuring beside the rules' };
  await stream(evaluation, decider, (payment) => {
    if (payment.decided.decision !== undefined) scored.push(scoredPayment(payment, evaluation.fraudTimes));
  });
  return scored;
}

function campaignPayment({ item, outcome }: WorldPayment): CampaignPayment | undefined {
  const { truth, backstage, body, at } = item;
  if (!truth.fraud || truth.campaign === null || truth.family === null) return undefined;
  const isStopped =
    outcome === 'deny' ||
    (outcome === 'review' && !backstage.reviewApproves) ||
    (outcome === 'challenge' && !backstage.challengePasses);
  return {
    at,
    amountMinor: body.amount,
    family: truth.family,
    campaign: truth.campaign,
    isStopped,
    isLost: !isStopped && backstage.issuer.approved,
  };
}

export interface ClosedLoop {
  readonly families: readonly FamilyEnd[];
  readonly honestPayments: number;
  readonly honestDenied: number;
  readonly reviews: number;
}

/** What happens when a policy decides, with customers and attackers reacting to it. */
export async function runClosedLoop(
  scorer: Scorer,
  policy: PolicyFile,
  evaluation: EvaluationWorld,
): Promise<ClosedLoop> {
  const campaigns: CampaignPayment[] = [];
  const count = { honestPayments: 0, honestDenied: 0, reviews: 0 };
  await stream(evaluation, { scorer, policy, what: `deciding by ${policy.version}` }, (payment) => {
    const attempt = campaignPayment(payment);
    if (attempt !== undefined) campaigns.push(attempt);
    if (payment.outcome === 'review') count.reviews += 1;
    if (payment.item.truth.fraud) return;
    count.honestPayments += 1;
    if (payment.outcome === 'deny') count.honestDenied += 1;
  });
  return { families: campaignEnds(campaigns), ...count };
}

/** The policy that ships with the model: thresholds by amount from the shipped costs. */
export function modelPolicy(version: string): PolicyFile {
  return shippedPolicy({ version });
}
