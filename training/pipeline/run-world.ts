/**
 * Streams a world through the product's pipeline, closed loop: each decision goes back to the world,
 * whose customers and attackers react to it, and issuers, reviewers and challenged customers answer
 * in their time.
 */
import type { Outcome } from '#src/domain/decision.ts';
import { FollowUps } from '#training/pipeline/follow-ups.ts';
import type { DecidedPayment, ProductPipeline } from '#training/pipeline/product-pipeline.ts';
import { worldCommands } from '#training/pipeline/world-commands.ts';
import type { LabelItem, PaymentItem } from '#training/world/world-item.ts';
import type { World } from '#training/world/world.ts';

export interface WorldPayment {
  readonly item: PaymentItem;
  readonly decided: DecidedPayment;
  readonly outcome: Outcome;
}

export interface WorldWatcher {
  /** Nobody in the world hears of a decision, as in a recording: the open loop. */
  readonly isUnheard?: boolean;
  readonly onPayment: (payment: WorldPayment) => void;
  readonly onLabel?: (label: LabelItem) => void;
}

/** As many items as fit between two answers that could change what follows. */
const ITEMS_PER_BATCH_MAX = 256;

/** What a rejected payment is to the one who tried it. */
function outcomeOf({ decision }: DecidedPayment): Outcome {
  return decision?.outcome ?? 'deny';
}

function followUp(followUps: FollowUps, { item, outcome }: WorldPayment): void {
  const { issuer, reviewApproves, challengePasses } = item.backstage;
  if (outcome === 'review') followUps.decideReview(item.body.id, reviewApproves, item.at);
  if (outcome === 'challenge') followUps.answerChallenge(item.body.id, challengePasses, item.at);
  if (outcome === 'approve' && !issuer.approved) {
    followUps.declineByIssuer(item.body.id, issuer.code, item.at);
  }
}

/** Tells the watcher of each payment and label of the world, in order, and resolves at the world's end. */
export async function runWorld(
  world: World,
  pipeline: ProductPipeline,
  watcher: WorldWatcher,
): Promise<void> {
  const commandOf = worldCommands(pipeline.readerDeps);
  const followUps = new FollowUps();
  for (;;) {
    const items = world.nextBatch(ITEMS_PER_BATCH_MAX);
    const [first] = items;
    if (first === undefined) return;
    const commands = items.map((item) =>
      pipeline.readAt(item.at, () => ({ command: commandOf(item), at: item.at })),
    );
    const { decided } = await pipeline.take([...followUps.dueBy(first.at), ...commands]);
    const byId = new Map(decided.map((one) => [one.paymentId, one]));
    for (const item of items) {
      if (item.kind === 'label') watcher.onLabel?.(item);
      const one = item.kind === 'payment' ? byId.get(item.body.id) : undefined;
      if (item.kind !== 'payment' || one === undefined) continue;
      const payment = { item, decided: one, outcome: outcomeOf(one) };
      followUp(followUps, payment);
      watcher.onPayment(payment);
      if (watcher.isUnheard !== true) world.answer(item.body.id, payment.outcome);
    }
  }
}
