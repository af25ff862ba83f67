import { describe, expect, test } from 'vitest';
import { compilePolicy } from '#src/decision/compile-policy.ts';
import { thresholdsFor, type Policy } from '#src/decision/policy.ts';
import { shippedPolicy, tenRulesPolicy } from '#src/decision/shipped-policy.ts';
import { attemptLimitFeatures } from '#src/features/feature-catalogue.ts';

function policyOf(file: unknown): Policy {
  const result = compilePolicy(file, attemptLimitFeatures());
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

describe('the shipped policy', () => {
  test('stands on features that exist, withholds all that is degraded, and derives thresholds by amount', () => {
    const policy = policyOf(shippedPolicy({ version: 'vouch-1' }));
    expect(policy.limits.length).toBeGreaterThan(3);
    expect(policy.degraded.approveBelow).toBe(0);
    expect(thresholdsFor(policy, 'EUR', 200_000).review).toBeLessThan(
      thresholdsFor(policy, 'EUR', 2_000).review,
    );
    expect(policy.breaker).toBeDefined();
  });

  test('takes the thresholds that a model was published with', () => {
    const policy = policyOf(shippedPolicy({ version: 'vouch-1', thresholds: { review: 0.1, deny: 0.7 } }));
    expect(thresholdsFor(policy, 'EUR', 2_000).deny).toBe(Math.fround(0.7));
  });
});

describe('the ten rules', () => {
  test('are ten that stand on features that exist, and no score withholds anything beside them', () => {
    const policy = policyOf(tenRulesPolicy('rules-1'));
    expect(policy.limits).toHaveLength(10);
    expect(thresholdsFor(policy, 'EUR', 5_000).deny).toBeGreaterThan(1);
  });
});
