import {
  DECISION_MODES,
  DECISION_STEPS,
  DEGRADED_CAUSES,
  DIVERSIONS,
  OUTCOMES,
} from '#src/domain/decision.ts';
import type { DecisionBasis, DecisionReason, DecisionRecord } from '#src/domain/decision.ts';
import { float64, list, oneOf, optional, struct, text, uint } from './codec.ts';

const outcome = oneOf(OUTCOMES);

const reason = struct<DecisionReason>({
  code: text,
  feature: optional(text),
  value: text,
  text,
  contribution: optional(float64),
});

export const decisionRecord = struct<DecisionRecord>({
  number: uint,
  outcome,
  wouldBe: optional(outcome),
  score: float64,
  basis: struct<DecisionBasis>({ step: oneOf(DECISION_STEPS), ref: text }),
  diverted: list(oneOf(DIVERSIONS)),
  reasons: list(reason),
  model: text,
  policy: text,
  mode: oneOf(DECISION_MODES),
  degraded: list(oneOf(DEGRADED_CAUSES)),
  decidedAt: uint,
  tookMicros: uint,
});
