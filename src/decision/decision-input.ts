/** What one decision is taken on. */
import type { DegradedCause } from '#src/domain/decision.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import type { DecisionState } from './decision-state.ts';
import type { FeatureWords } from './feature-words.ts';

export interface DecisionInput {
  readonly payment: PaymentRequest;
  /** 1, or one more than the payment's last decision. */
  readonly number: number;
  /** Row-major feature vectors; this payment's begins at `offset`. */
  readonly vectors: Float32Array;
  readonly offset: number;
  /** Calibrated probability of fraud, 0 to 1. */
  readonly score: number;
  /** `name@version` of what gave the score. */
  readonly model: string;
  readonly degraded: readonly DegradedCause[];
  readonly shardTime: number;
  /** Measured by the caller; only recorded. */
  readonly tookMicros: number;
}

export interface DecisionContext {
  readonly state: DecisionState;
  readonly words: FeatureWords;
}
