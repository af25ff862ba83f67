/** What happens when a policy decides, with customers and attackers reacting to it. */
import { shippedPolicy } from '#src/decision/shipped-policy.ts';
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { campaignEnds } from '#training/evaluation/campaign-ends.ts';
import type { CampaignPayment, FamilyEnd } from '#training/evaluation/campaign-ends.ts';
import { streamWorld } from '#training/evaluation/stream-world.ts';
import type { EvaluationWorld } from '#training/evaluation/stream-world.ts';
import type { WorldPayment } from '#training/pipeline/run-world.ts';

export interface ClosedLoop {
  readonly families: readonly FamilyEnd[];
  readonly honestPayments: number;
  readonly honestDenied: number;
  /** Sent to a person, honest or not. */
  readonly reviews: number;
  readonly reviewsPerDay: number;
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

export async function runClosedLoop(
  scorer: Scorer,
  policy: PolicyFile,
  evaluation: EvaluationWorld,
): Promise<ClosedLoop> {
  const campaigns: CampaignPayment[] = [];
  const count = { honestPayments: 0, honestDenied: 0, reviews: 0 };
  await streamWorld(
    evaluation,
    { scorer, policy, what: `deciding by ${policy.version}` },
    {
      onPayment: (payment) => {
        const attempt = campaignPayment(payment);
        if (attempt !== undefined) campaigns.push(attempt);
        if (payment.outcome === 'review') count.reviews += 1;
        if (payment.item.truth.fraud) return;
        count.honestPayments += 1;
        if (payment.outcome === 'deny') count.honestDenied += 1;
      },
    },
  );
  const reviewsPerDay = count.reviews / evaluation.parameters.days;
  return { families: campaignEnds(campaigns), ...count, reviewsPerDay };
}

/** The policy that ships with the model: thresholds by amount from the shipped costs. */
export function modelPolicy(version: string): PolicyFile {
  return shippedPolicy({ version });
}
