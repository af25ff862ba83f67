import { describe, expect, test } from 'vitest';
import type { LimitFeature } from '#src/decision/bind-limits.ts';
import { compilePolicy } from '#src/decision/compile-policy.ts';
import { thresholdsFor, type Policy } from '#src/decision/policy.ts';
import {
  SHIPPED_LIMITS,
  shippedPolicy,
  TEN_RULES,
  tenRulesPolicy,
  type LimitFile,
} from '#src/decision/shipped-policy.ts';
import { parseIsoDuration } from '#src/domain/iso-duration.ts';

function featuresOf(limits: readonly LimitFile[]): readonly LimitFeature[] {
  return limits.map(({ entity, metric, window }, index) => ({
    entity,
    metric,
    windowSeconds: parseIsoDuration(window) ?? 0,
    index,
  }));
}

function policyOf(file: unknown, limits: readonly LimitFile[]): Policy {
  const result = compilePolicy(file, featuresOf(limits));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

describe('the shipped policy', () => {
  test('is one, withholds all that is degraded, and derives its thresholds by amount', () => {
    const policy = policyOf(shippedPolicy({ version: 'vouch-1' }), SHIPPED_LIMITS);
    expect(policy.degraded.approveBelow).toBe(0);
    expect(thresholdsFor(policy, 'EUR', 200_000).review).toBeLessThan(
      thresholdsFor(policy, 'EUR', 2_000).review,
    );
    expect(policy.breaker).toBeDefined();
  });

  test('takes the thresholds that a model was published with', () => {
    const file = shippedPolicy({ version: 'vouch-1', thresholds: { review: 0.1, deny: 0.7 } });
    expect(thresholdsFor(policyOf(file, SHIPPED_LIMITS), 'EUR', 2_000).deny).toBe(Math.fround(0.7));
  });
});

describe('the ten rules', () => {
  test('are ten, and no score withholds anything beside them', () => {
    const policy = policyOf(tenRulesPolicy('rules-1'), TEN_RULES);
    expect(policy.limits).toHaveLength(10);
    expect(thresholdsFor(policy, 'EUR', 5_000).deny).toBeGreaterThan(1);
  });
});
