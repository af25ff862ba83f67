/**
 * Every payment of a world that reached a decision, scored by a model while the ten rules decided: both
 * are judged on the same payments. The vectors are kept, so that other models can be asked afterwards.
 */
import { tenRulesPolicy } from '#src/decision/shipped-policy.ts';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';
import { streamWorld } from '#training/evaluation/stream-world.ts';
import type { EvaluationWorld } from '#training/evaluation/stream-world.ts';
import type { WorldPayment } from '#training/pipeline/run-world.ts';
import { saysFraud, whatShows } from '#training/pipeline/what-shows.ts';

export interface BesideRules {
  readonly payments: readonly ScoredPayment[];
  /** Row-major, one row of `FEATURE_COUNT` for each payment. */
  readonly vectors: Float32Array;
}

class VectorTable {
  #values = new Float32Array(4096 * FEATURE_COUNT);
  #rows = 0;

  add(vector: Float32Array): void {
    if ((this.#rows + 1) * FEATURE_COUNT > this.#values.length) {
      const larger = new Float32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values.set(vector, this.#rows * FEATURE_COUNT);
    this.#rows += 1;
  }

  values(): Float32Array {
    return this.#values.subarray(0, this.#rows * FEATURE_COUNT);
  }
}

/** Exported for its test: cards and accounts do not share names. */
export function payerOf({ card, debtor }: WorldPayment['item']['body']): string {
  return card === undefined ? `account ${debtor}` : `card ${card.id}`;
}

function scoredPayment(payment: WorldPayment, fraudTimes: number): ScoredPayment {
  const { truth, body, at } = payment.item;
  const { decision } = payment.decided;
  const shows = whatShows(payment);
  return {
    at,
    amountMinor: body.amount,
    score: decision?.score ?? 0,
    weight: truth.fraud ? 1 / fraudTimes : 1,
    isFlaggedByRules: decision?.outcome !== 'approve',
    isFraud: truth.fraud,
    wasReported: shows === 'never' ? null : shows === 'fraud',
    family: truth.family,
    campaign: truth.campaign,
    payer: payerOf(body),
  };
}

/** Labels count whenever they come, however late. */
export async function runBesideRules(scorer: Scorer, evaluation: EvaluationWorld): Promise<BesideRules> {
  const payments: ScoredPayment[] = [];
  const placeOf = new Map<string, number>();
  const vectors = new VectorTable();
  const decider = { scorer, policy: tenRulesPolicy('ten-rules'), what: 'measuring beside the rules' };
  await streamWorld(evaluation, decider, {
    onPayment: (payment) => {
      const { vector, decision, paymentId } = payment.decided;
      if (vector === undefined || decision === undefined) return;
      placeOf.set(paymentId, payments.length);
      payments.push(scoredPayment(payment, evaluation.fraudTimes));
      vectors.add(vector);
    },
    onLabel: (label) => {
      const place = placeOf.get(label.body.paymentId) ?? -1;
      const payment = payments[place];
      if (payment === undefined || payment.wasReported === null) return;
      payments[place] = { ...payment, wasReported: saysFraud(label) };
    },
  });
  return { payments, vectors: vectors.values() };
}
