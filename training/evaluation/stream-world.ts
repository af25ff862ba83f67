/** Streams an evaluation world through the product, with somebody deciding and somebody watching. */
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { openPipeline } from '#training/pipeline/open-pipeline.ts';
import { runWorld } from '#training/pipeline/run-world.ts';
import type { WorldWatcher } from '#training/pipeline/run-world.ts';
import { startProgress } from '#training/progress.ts';
import { createWorld } from '#training/world/world.ts';
import type { WorldParameters } from '#training/world/parameters.ts';

export interface EvaluationWorld {
  readonly parameters: WorldParameters;
  readonly seed: number;
  /** How many times as much fraud as in ordinary traffic it has. */
  readonly fraudTimes: number;
}

export interface Decider {
  readonly scorer: Scorer;
  readonly policy: PolicyFile;
  /** In words, for whoever waits. */
  readonly what: string;
}

export async function streamWorld(
  { parameters, seed }: EvaluationWorld,
  { scorer, policy, what }: Decider,
  watcher: WorldWatcher,
): Promise<void> {
  const world = createWorld(parameters, seed);
  const progress = startProgress(`${parameters.seat}: ${what}`, 'payments');
  let payments = 0;
  await runWorld(world, openPipeline(scorer, policy), {
    ...watcher,
    onPayment: (payment) => {
      payments += 1;
      watcher.onPayment(payment);
      progress.tell((payment.item.at - world.startsAt) / (world.endsAt - world.startsAt), payments);
    },
  });
  progress.end(`${payments} payments`);
}
