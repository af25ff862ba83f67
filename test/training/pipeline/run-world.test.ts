import { describe, expect, test } from 'vitest';
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { ProductPipeline } from '#training/pipeline/product-pipeline.ts';
import { runWorld } from '#training/pipeline/run-world.ts';
import type { WorldPayment } from '#training/pipeline/run-world.ts';
import { DEMO } from '#training/world/parameter-sets.ts';
import { createWorld } from '#training/world/world.ts';
import { FEATURE_WORDS } from '#test/support/decision-setup.ts';
import { STUB_FEATURES, STUB_KEYER, stubFeatureStage } from '#test/support/stub-features.ts';

const SMALL_WORLD = { ...DEMO, days: 3, people: { ...DEMO.people, count: 150 } };
const ALL_APPROVED: Scorer = {
  model: 'none@0',
  featureCount: STUB_FEATURES.length,
  score: (_, rows) => ({ probabilities: new Float32Array(rows), degraded: false }),
  explain: (_, rows) => Array.from({ length: rows }, () => []),
};

async function runWith(policy: Partial<PolicyFile>) {
  const features = stubFeatureStage();
  const pipeline = new ProductPipeline({
    features,
    entityKeys: STUB_KEYER,
    scorer: ALL_APPROVED,
    words: FEATURE_WORDS,
    limitFeatures: [{ entity: 'account', metric: 'attempts', windowSeconds: 600, index: 1 }],
    policy: { version: 'test', thresholds: { review: 2, deny: 2 }, ...policy },
  });
  const payments: WorldPayment[] = [];
  await runWorld(createWorld(SMALL_WORLD, 4), pipeline, { onPayment: (payment) => payments.push(payment) });
  return { payments, outcomes: features.outcomes };
}

function strict(then: 'deny' | 'review') {
  return runWith({
    limits: [{ entity: 'account', metric: 'attempts', window: 'PT10M', above: 3, then, code: 'often' }],
  });
}

describe('a world through the product', () => {
  test('every payment is decided once, in order, with its vector, or turned down by the ledger', async () => {
    const { payments } = await runWith({});
    expect(payments.length).toBeGreaterThan(50);
    expect(new Set(payments.map(({ item }) => item.body.id)).size).toBe(payments.length);
    for (const { item, decided, outcome } of payments) {
      expect(decided.vector?.[0]).toBe(decided.decision && item.body.amount);
      expect(outcome).toBe(decided.decision ? 'approve' : 'deny');
    }
    expect(payments.map(({ item }) => item.at)).toEqual(
      payments.map(({ item }) => item.at).toSorted((a, b) => a - b),
    );
  });

  test('the same world and policy give the same decisions', async () => {
    const tell = ({ payments }: Awaited<ReturnType<typeof runWith>>) =>
      payments.map(({ item, outcome, decided }) => [item.body.id, outcome, decided.vector?.[1]]);
    expect(tell(await strict('deny'))).toEqual(tell(await strict('deny')));
  });

  test('the world reacts to what is denied', async () => {
    const [open, closed] = await Promise.all([runWith({}), strict('deny')]);
    expect(closed.payments.map(({ item }) => item.body.id)).not.toEqual(
      open.payments.map(({ item }) => item.body.id),
    );
  });

  test('issuers decline and reviewers decide what was held, and features hear of it', async () => {
    const { payments, outcomes } = await strict('review');
    const held = payments.filter(({ outcome }) => outcome === 'review').map(({ item }) => item.body.id);
    expect(held.length).toBeGreaterThan(3);
    const ended = new Set(
      outcomes.filter(({ kind }) => kind === 'posted' || kind === 'denied').map(({ paymentId }) => paymentId),
    );
    expect(held.filter((id) => ended.has(id)).length).toBeGreaterThan(held.length / 2);
    expect(outcomes.some(({ kind }) => kind === 'authorization_declined')).toBe(true);
  });
});
