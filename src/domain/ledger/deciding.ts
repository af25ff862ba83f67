/** What every decider gets and gives. Deciders read the state and never change it. */
import type { Answer, Refusal } from '#src/domain/answer.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import type { ShardPlace } from '#src/domain/shard-place.ts';
import type { LedgerState } from './ledger-state.ts';
import type { PaymentState } from './payment-state.ts';

/** Times and switches that the policy and the configuration set. */
export interface LedgerRules {
  /** Accounts that a payment or transfer names and that do not exist are opened: debtors may overdraw, creditors may not. */
  readonly openOnFirstUse: boolean;
  readonly captureExpiresAfterMs: number;
  readonly reviewExpiresAfterMs: number;
  readonly challengeExpiresAfterMs: number;
  readonly rescoreExpiresAfterMs: number;
  /** How long a review's decision can be taken back before the money follows. */
  readonly undoMs: number;
}

export interface DecidingContext {
  readonly state: LedgerState;
  readonly rules: LedgerRules;
  readonly shardTime: number;
  readonly actor: string;
  readonly place: ShardPlace;
}

/** Events to append, in order, and what to answer once they are durable. No events: nothing to append. */
export interface Verdict {
  readonly events: readonly LedgerEvent[];
  readonly answer: Answer;
}

export function done(...events: LedgerEvent[]): Verdict {
  return { events, answer: { type: 'DoneAnswer', created: true } };
}

/** It was done before. */
export const DONE_BEFORE: Verdict = { events: [], answer: { type: 'DoneAnswer', created: false } };

export function refused(refusal: Refusal, detail: string): Verdict {
  return { events: [], answer: { type: 'RefusedAnswer', refusal, detail } };
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** The payment that commands of this id are about: not one that is taken back because its id is another's. */
export function findPayment(
  { state }: DecidingContext,
  paymentId: string,
): Readonly<PaymentState> | undefined {
  const payment = state.payments.get(paymentId);
  return payment?.idConflict === undefined ? payment : undefined;
}

export function unknownPayment(paymentId: string): Verdict {
  return refused('payment_unknown', `there is no payment ${paymentId}`);
}
