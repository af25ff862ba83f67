/**
 * How sure a measure is. Payments of one campaign, or of one honest card, are not independent: a
 * campaign of two hundred attempts is one attacker. So whole campaigns and whole cards (accounts, where
 * a payment has no card, as at a bank) are drawn again, with weights from a Poisson distribution of mean 1 (the bootstrap of Hanley and MacGibbon,
 * 2006), and the middle 95 % of the outcomes is the interval. n is the number of campaigns.
 *
 * The draws are the same for every measure of the same payments, so that two models can be compared
 * draw by draw.
 */
import type { ScoredPayment } from '#training/evaluation/scored-payments.ts';
import { createRandom } from '#training/random.ts';
import type { Random } from '#training/random.ts';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly campaigns: number;
}

const DRAWS = 200;
const SEED = 20_26;

/** Knuth's method, which is quick for a mean of 1. */
function poisson(random: Random): number {
  const limit = Math.exp(-1);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count += 1;
  return count;
}

interface Clusters {
  readonly ofPayment: Int32Array;
  readonly count: number;
  readonly campaigns: number;
}

/** Numbers campaigns and payers in the order of the payments, whatever their scores. */
function clustersOf(payments: readonly ScoredPayment[]): Clusters {
  const numbers = new Map<string, number>();
  const campaigns = new Set<string>();
  const ofPayment = Int32Array.from(payments, ({ campaign, payer }) => {
    const name = campaign ?? payer;
    if (campaign !== null) campaigns.add(campaign);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return { ofPayment, count: numbers.size, campaigns: campaigns.size };
}

/** Payments from the highest score down. */
interface Ranked {
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
  readonly clusters: Int32Array;
  /** 1 where the next score is lower: equal scores are one step. */
  readonly ends: Uint8Array;
}

function rank(payments: readonly ScoredPayment[], { ofPayment }: Clusters): Ranked {
  const scores = Float64Array.from(payments, (payment) => payment.score);
  const order = Uint32Array.from(payments.keys()).sort(
    (one, other) => (scores[other] as number) - (scores[one] as number),
  );
  return {
    labels: Uint8Array.from(order, (place) => (payments[place]?.isFraud === true ? 1 : 0)),
    weights: Float64Array.from(order, (place) => payments[place]?.weight ?? 0),
    clusters: Int32Array.from(order, (place) => ofPayment[place] as number),
    ends: Uint8Array.from(order, (place, at) => (scores[order[at + 1] ?? -1] === scores[place] ? 0 : 1)),
  };
}

function weightedAveragePrecision({ labels, weights, clusters, ends }: Ranked, drawn: Float64Array): number {
  let [frauds, others, fraudsBefore, sum] = [0, 0, 0, 0];
  for (let place = 0; place < labels.length; place++) {
    const weight = (weights[place] as number) * (drawn[clusters[place] as number] as number);
    if (labels[place] === 1) frauds += weight;
    else others += weight;
    if (ends[place] === 0 || frauds === fraudsBefore) continue;
    sum += ((frauds - fraudsBefore) * frauds) / (frauds + others);
    fraudsBefore = frauds;
  }
  return sum / frauds;
}

type Measure = (drawn: Float64Array) => number;

function intervalOf({ count, campaigns }: Clusters, measure: Measure): Interval {
  const random = createRandom(SEED);
  const outcomes = Float64Array.from({ length: DRAWS }, () =>
    measure(Float64Array.from({ length: count }, () => poisson(random))),
  )
    .filter((outcome) => !Number.isNaN(outcome))
    .sort();
  return {
    value: measure(new Float64Array(count).fill(1)),
    low: outcomes[Math.floor(outcomes.length * 0.025)] ?? NaN,
    high: outcomes[Math.floor(outcomes.length * 0.975)] ?? NaN,
    campaigns,
  };
}

export function averagePrecisionInterval(payments: readonly ScoredPayment[]): Interval {
  const clusters = clustersOf(payments);
  const ranked = rank(payments, clusters);
  return intervalOf(clusters, (drawn) => weightedAveragePrecision(ranked, drawn));
}

/** How much higher the average precision of the payments' scores is than that of the other scores. */
export function differenceInterval(
  payments: readonly ScoredPayment[],
  otherScores: ArrayLike<number>,
): Interval {
  const clusters = clustersOf(payments);
  const ranked = rank(payments, clusters);
  const others = rank(
    payments.map((payment, place) => ({ ...payment, score: otherScores[place] ?? 0 })),
    clusters,
  );
  return intervalOf(
    clusters,
    (drawn) => weightedAveragePrecision(ranked, drawn) - weightedAveragePrecision(others, drawn),
  );
}

/** The share of frauds for which something holds, as being caught at a threshold. */
export function shareInterval(
  frauds: readonly ScoredPayment[],
  isCaught: (payment: ScoredPayment) => boolean,
): Interval {
  const clusters = clustersOf(frauds);
  const caught = Uint8Array.from(frauds, (payment) => (isCaught(payment) ? 1 : 0));
  return intervalOf(clusters, (drawn) => {
    let [all, found] = [0, 0];
    caught.forEach((isFound, place) => {
      const weight = drawn[clusters.ofPayment[place] as number] as number;
      all += weight;
      found += isFound * weight;
    });
    return found / all;
  });
}
