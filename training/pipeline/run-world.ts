/**
 * Streams a world through the product's pipeline, closed loop: each decision goes back to the world,
 * whose customers and attackers react to it, and issuers and reviewers answer in their time.
 */
import type { Command } from '#src/domain/commands.ts';
import type { Outcome } from '#src/domain/decision.ts';
import { accountReaders } from '#src/ingest/account-readers.ts';
import type { ReadResult } from '#src/ingest/body-reader.ts';
import { knowledgeReaders } from '#src/ingest/knowledge-readers.ts';
import { paymentActionReaders } from '#src/ingest/payment-action-readers.ts';
import { paymentReader } from '#src/ingest/payment-reader.ts';
import { FollowUps } from '#training/pipeline/follow-ups.ts';
import type { TimedCommand } from '#training/pipeline/follow-ups.ts';
import type { DecidedPayment, ProductPipeline } from '#training/pipeline/product-pipeline.ts';
import type { PaymentItem, WorldItem } from '#training/world/world-item.ts';
import type { World } from '#training/world/world.ts';

export interface WorldPayment {
  readonly item: PaymentItem;
  readonly decided: DecidedPayment;
  readonly outcome: Outcome;
}

/** As many items as fit between two answers that could change what follows. */
const ITEMS_PER_BATCH_MAX = 256;

function content<Content>(result: ReadResult<Content>, id: string): Content {
  if (result.ok) return result.content;
  throw new Error(`the world made ${id}, which the product refuses: ${JSON.stringify(result)}`);
}

function commandReader(pipeline: ProductPipeline): (item: WorldItem) => TimedCommand {
  const deps = pipeline.readerDeps;
  const payments = paymentReader(deps);
  const { openAccount, transfer } = accountReaders(deps);
  const { signal, label } = knowledgeReaders(deps);
  const { reverse } = paymentActionReaders(deps);
  const read = (item: WorldItem): ReadResult<Command> => {
    switch (item.kind) {
      case 'payment': {
        const result = payments.read(item.body);
        return result.ok ? { ok: true, content: result.content.command } : result;
      }
      case 'account':
        return openAccount.read(item.body, '');
      case 'transfer':
        return transfer.read(item.body, '');
      case 'signal':
        return signal.read(item.body, '');
      case 'label':
        return label.read(item.body, '');
      case 'reversal':
        return reverse.read(item.body, item.paymentId);
    }
  };
  const commandOf = (item: WorldItem): Command => content(read(item), item.body.id);
  return (item) => pipeline.readAt(item.at, () => ({ command: commandOf(item), at: item.at }));
}

/** What a rejected payment is to the one who tried it. */
function outcomeOf({ decision }: DecidedPayment): Outcome {
  return decision?.outcome ?? 'deny';
}

function followUp(followUps: FollowUps, { item, outcome }: WorldPayment): void {
  const { issuer, reviewApproves } = item.backstage;
  if (outcome === 'review') followUps.decideReview(item.body.id, reviewApproves, item.at);
  if (outcome === 'approve' && !issuer.approved)
    followUps.declineByIssuer(item.body.id, issuer.code, item.at);
}

/** Calls `onPayment` for each payment of the world, in order, and resolves at the world's end. */
export async function runWorld(
  world: World,
  pipeline: ProductPipeline,
  onPayment: (payment: WorldPayment) => void,
): Promise<void> {
  const read = commandReader(pipeline);
  const followUps = new FollowUps();
  for (
    let items = world.nextBatch(ITEMS_PER_BATCH_MAX);
    items.length > 0;
    items = world.nextBatch(ITEMS_PER_BATCH_MAX)
  ) {
    const due = followUps.dueBy(items[0]?.at ?? 0);
    const { decided } = await pipeline.take([...due, ...items.map(read)]);
    const byId = new Map(decided.map((one) => [one.paymentId, one]));
    for (const item of items) {
      const one = item.kind === 'payment' ? byId.get(item.body.id) : undefined;
      if (item.kind !== 'payment' || one === undefined) continue;
      const payment = { item, decided: one, outcome: outcomeOf(one) };
      followUp(followUps, payment);
      onPayment(payment);
      world.answer(item.body.id, payment.outcome);
    }
  }
}
