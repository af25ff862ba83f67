/** Counts what a shard does. */
import type { Answer } from '#src/domain/answer.ts';
import type { ShardReport, ShardStage } from '#src/ports/shard-report.ts';

/** What a report says of the state as it is, not of what was done. */
export type StandingReport = Pick<
  ShardReport,
  'position' | 'deadlines' | 'rescores' | 'messagesSent' | 'messagesReceived' | 'inTransit' | 'histories'
>;

export class ShardTally {
  readonly #decisions = { approve: 0, challenge: 0, review: 0, deny: 0 };
  readonly #degraded = { model: 0, features: 0, log: 0 };
  readonly #stageMicros: Record<ShardStage, number> = { decide: 0, encode: 0, commit: 0, upkeep: 0 };
  #commands = 0;
  #batches = 0;
  #rejections = 0;

  /** A batch that was answered. */
  addBatch(answers: readonly Answer[]): void {
    this.#batches++;
    this.#commands += answers.length;
    for (const answer of answers) {
      if (answer.type !== 'PaymentAnswer') continue;
      if (answer.rejection !== undefined) this.#rejections++;
      if (!answer.decision) continue;
      this.#decisions[answer.decision.outcome]++;
      for (const cause of answer.decision.degraded) this.#degraded[cause]++;
    }
  }

  async time<T>(stage: ShardStage, work: () => T | Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      this.#stageMicros[stage] += (performance.now() - started) * 1_000;
    }
  }

  report(now: StandingReport): ShardReport {
    return {
      commands: this.#commands,
      batches: this.#batches,
      decisions: { ...this.#decisions },
      rejections: this.#rejections,
      degraded: { ...this.#degraded },
      stageMicros: { ...this.#stageMicros },
      ...now,
    };
  }
}
