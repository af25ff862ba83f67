/** A policy, a state and payments to decide, with what a test does not care about filled in. */
import { compilePolicy } from '#src/decision/compile-policy.ts';
import type { DecisionContext, DecisionInput } from '#src/decision/decision-input.ts';
import { DecisionState } from '#src/decision/decision-state.ts';
import type { FeatureWords } from '#src/decision/feature-words.ts';
import type { LimitFeature } from '#src/decision/bind-limits.ts';
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import type { Policy } from '#src/decision/policy.ts';
import type { ListEntry } from '#src/domain/list-entry.ts';
import type { PaymentFacts, PaymentPersonal, PaymentRequest } from '#src/domain/payment.ts';

/** 2026-11-24T10:00:00Z */
export const START = Date.UTC(2026, 10, 24, 10);

export const LIMIT_FEATURES: readonly LimitFeature[] = [
  { entity: 'card', metric: 'attempts', windowSeconds: 600, index: 0 },
  { entity: 'card', metric: 'attempts', windowSeconds: 86_400, index: 1 },
  { entity: 'device', metric: 'distinctCards', windowSeconds: 86_400, index: 2 },
];

export const FEATURE_WORDS: FeatureWords = {
  name: (index) => `feature_${index}`,
  value: (_index, value) => String(value),
  sentence: (index, value) => `feature ${index} is ${value}`,
};

export function policyOf(file: Partial<PolicyFile> = {}): Policy {
  const result = compilePolicy(
    { version: 'test.1', thresholds: { review: 0.2, deny: 0.8 }, ...file },
    LIMIT_FEATURES,
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

export function contextOf(file: Partial<PolicyFile> = {}): DecisionContext {
  return { state: new DecisionState(policyOf(file)), words: FEATURE_WORDS };
}

export interface RequestParts {
  readonly facts?: Partial<PaymentFacts>;
  readonly personal?: Partial<PaymentPersonal>;
}

export function requestOf({ facts, personal }: RequestParts = {}): PaymentRequest {
  return {
    facts: {
      id: 'pay_1',
      occurredAt: START,
      amount: 5_000,
      asset: 'EUR',
      debtor: 'customer:1',
      creditor: 'merchant:1',
      capture: 'automatic',
      ...facts,
    },
    personal: { ...personal },
  };
}

export function inputOf(parts: Partial<DecisionInput> = {}): DecisionInput {
  return {
    payment: requestOf(),
    number: 1,
    vectors: new Float32Array(3),
    offset: 0,
    score: 0.01,
    model: 'net@1',
    degraded: [],
    shardTime: START,
    tookMicros: 0,
    ...parts,
  };
}

export function entryOf(parts: Partial<ListEntry> = {}): ListEntry {
  return {
    id: 'entry_1',
    list: 'block',
    kind: 'account',
    value: 'customer:1',
    reason: 'known mule',
    owner: 'token:1',
    addedIn: { position: 1, record: 0 },
    ...parts,
  };
}
