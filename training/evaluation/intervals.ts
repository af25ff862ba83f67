/**
 * How sure a measure is. Payments of one campaign, or of one honest account, are not independent: a
 * campaign of two hundred attempts is one attacker. So whole campaigns and whole accounts are drawn
 * again, with weights from a Poisson distribution of mean 1 (the bootstrap of Hanley and MacGibbon,
 * 2006), and the middle 95 % of the outcomes is the interval. n is the number of campaigns.
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

interface Ranked {
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
  readonly clusters: Int32Array;
  readonly clusterCount: number;
  /** 1 where the next score is lower: equal scores are one step. */
  readonly ends: Uint8Array;
}

function rank(payments: readonly ScoredPayment[]): Ranked {
  const sorted = payments.toSorted((one, other) => other.score - one.score);
  const numbers = new Map<string, number>();
  const clusters = Int32Array.from(sorted, ({ campaign, account }) => {
    const name = campaign ?? `account ${account}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return {
    labels: Uint8Array.from(sorted, (payment) => (payment.isFraud ? 1 : 0)),
    weights: Float64Array.from(sorted, (payment) => payment.weight),
    clusters,
    clusterCount: numbers.size,
    ends: Uint8Array.from(sorted, ({ score }, place) => (sorted[place + 1]?.score === score ? 0 : 1)),
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

export function averagePrecisionInterval(payments: readonly ScoredPayment[]): Interval {
  const ranked = rank(payments);
  const random = createRandom(SEED);
  const outcomes = Float64Array.from({ length: DRAWS }, () => {
    const weights = Float64Array.from({ length: ranked.clusterCount }, () => poisson(random));
    return weightedAveragePrecision(ranked, weights);
  })
    .filter((outcome) => !Number.isNaN(outcome))
    .sort();
  const campaigns = new Set(payments.flatMap(({ campaign }) => (campaign === null ? [] : [campaign])));
  return {
    value: weightedAveragePrecision(ranked, new Float64Array(ranked.clusterCount).fill(1)),
    low: outcomes[Math.floor(outcomes.length * 0.025)] ?? NaN,
    high: outcomes[Math.floor(outcomes.length * 0.975)] ?? NaN,
    campaigns: campaigns.size,
  };
}
