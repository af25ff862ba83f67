/**
 * What deciding costs, per payment: `node test/bench/decision-bench.ts`.
 *
 * Measures: claims, settling, the record and counting it, with ten limits, three amount bands and
 * 0 or 10,000 list entries of five kinds, for clear approvals and for denials by the score. Does not
 * measure: features, scoring, explanations, encoding.
 */
import { cpus } from 'node:os';
import { decidePayment } from '#src/decision/decide-payment.ts';
import type { DecisionInput } from '#src/decision/decision-input.ts';
import { DecisionState } from '#src/decision/decision-state.ts';
import { LIST_KINDS, LIST_NAMES } from '#src/domain/list-entry.ts';
import { compilePolicy } from '#src/decision/compile-policy.ts';
import type { Policy } from '#src/decision/policy.ts';
import { entryOf, FEATURE_WORDS, inputOf, requestOf, START } from '#test/support/decision-setup.ts';

const FEATURES = 231;
const PAYMENTS = 1_024;
const ROUNDS = 200;
const REPEATS = 5;

function policy(): Policy {
  const features = Array.from({ length: FEATURES }, (_, index) => ({
    entity: 'card',
    metric: `metric_${index}`,
    windowSeconds: 600,
    index,
  }));
  const result = compilePolicy(
    {
      version: 'bench',
      thresholds: { review: 0.2, deny: 0.8 },
      bands: [5_000, 20_000, 100_000].map((upTo) => ({
        asset: 'EUR',
        upTo,
        thresholds: { review: 0.2, deny: 0.8 },
      })),
      limits: Array.from({ length: 10 }, (_, index) => ({
        entity: 'card',
        metric: `metric_${index * 20}`,
        window: 'PT10M',
        above: 5,
        then: 'deny',
        code: `limit_${index}`,
      })),
      review: { maxPerHour: 200 },
    },
    features,
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

function stateWith(entries: number): DecisionState {
  const state = new DecisionState(policy());
  for (let i = 0; i < entries; i++) {
    const kind = LIST_KINDS[i % 5] ?? 'card';
    const value = kind === 'prefix' ? `10.${(i >> 8) & 255}.${i & 255}.0/24` : `other_${i}`;
    state.addListEntry(entryOf({ id: `entry_${i}`, list: LIST_NAMES[i % 2] ?? 'block', kind, value }), START);
  }
  return state;
}

function inputs(score: number): readonly DecisionInput[] {
  const vectors = new Float32Array(FEATURES * PAYMENTS);
  return Array.from({ length: PAYMENTS }, (_, index) =>
    inputOf({
      payment: requestOf({
        facts: {
          id: `pay_${index}`,
          debtor: `customer:${index}`,
          card: { bin: '424242', country: 'DE' },
          merchant: { id: 'm_7', country: 'DE' },
        },
        personal: { cardId: `c_${index}`, device: { id: `d_${index}` }, ip: `203.0.113.${index & 255}` },
      }),
      vectors,
      offset: index * FEATURES,
      score,
    }),
  );
}

/** The fastest of several runs, since the machine does other things too. */
function microsPerPayment(state: DecisionState, score: number): number {
  const context = { state, words: FEATURE_WORDS };
  const payments = inputs(score);
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const start = performance.now();
    for (let round = 0; round < ROUNDS; round++) {
      for (const input of payments) state.recordDecision(decidePayment(context, input), false);
    }
    if (repeat > 0) best = Math.min(best, ((performance.now() - start) * 1_000) / (ROUNDS * PAYMENTS));
  }
  return best;
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`);
for (const entries of [0, 10_000]) {
  const approve = microsPerPayment(stateWith(entries), 0.01).toFixed(2);
  const deny = microsPerPayment(stateWith(entries), 0.9).toFixed(2);
  console.log(
    `${entries} list entries: ${approve} us for a clear approval, ${deny} us for a denial by the score`,
  );
}
