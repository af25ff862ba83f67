/**
 * Decides a held payment once more: when the cause of a degradation has ended (D2), or when the
 * customer has met a challenge. The vector is that of the first decision, with the histories read again
 * where they could not be read then.
 */
import type { AnswerChallenge, Command, RescorePayment } from '#src/domain/commands.ts';
import type { DecisionRecord } from '#src/domain/decision.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import {
  DONE_BEFORE,
  done,
  findPayment,
  refused,
  unknownPayment,
  type DecidingContext,
  type Verdict,
} from '#src/domain/ledger/deciding.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import { settlePayment, type Ruling } from '#src/domain/ledger/settle-payment.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import { needsExplanation, withScoreReasons } from '#src/decision/decide-payment.ts';
import { decideScored, type ScoringDeps } from './decide-scored.ts';
import type { Draft } from './draft.ts';
import { requestOf } from './request-of.ts';

/** A payment as the log has it. */
export interface StoredPayment {
  readonly request: PaymentRequest;
  readonly vector: Float32Array;
  /** The vector is not that of the first decision. */
  readonly isReread?: boolean;
}

export interface AgainDeps extends ScoringDeps {
  readonly stored: (paymentId: string) => StoredPayment | undefined;
}

/** Whether the command needs its payment from the log. */
export function needsStored(command: Command): command is AnswerChallenge | RescorePayment {
  return command.type === 'RescorePayment' || command.type === 'AnswerChallenge';
}

/** The payment as the log has it, or as it was scored earlier in this batch. */
export function storedPayment(
  paymentId: string,
  { stored, drafts }: { stored: ReadonlyMap<string, StoredPayment>; drafts: readonly Draft[] },
): StoredPayment | undefined {
  return stored.get(paymentId) ?? drafts.map((draft) => scoredIn(draft, paymentId)).find((found) => found);
}

function scoredIn({ envelope: { command }, events }: Draft, paymentId: string): StoredPayment | undefined {
  if (command.type !== 'Pay' || command.facts.id !== paymentId) return undefined;
  const vector = events.find((event) => event.type === 'PaymentDecided')?.vector;
  return vector && { request: requestOf(command), vector };
}

/** The verdict, or undefined for a command of another kind. */
export function decideAgain(
  context: DecidingContext,
  command: Command,
  deps: AgainDeps,
): Verdict | undefined {
  if (!needsStored(command)) return undefined;
  const payment = findPayment(context, command.paymentId);
  if (!payment) return unknownPayment(command.paymentId);
  return command.type === 'RescorePayment'
    ? rescore(context, payment, deps)
    : answerChallenge(context, payment, { command, deps });
}

/** Nothing happens while the cause lasts: the payment goes on waiting until its deadline. */
function rescore(context: DecidingContext, payment: Readonly<PaymentState>, deps: AgainDeps): Verdict {
  const isWaiting = payment.status === 'pending' && payment.awaiting === 'rescore';
  const ruling = isWaiting ? decide(context, payment, deps) : undefined;
  if (!ruling || ruling.decision.degraded.length > 0) return DONE_BEFORE;
  return done(...settlePayment(context, payment, ruling));
}

interface ChallengeInput {
  readonly command: AnswerChallenge;
  readonly deps: AgainDeps;
}

function answerChallenge(
  context: DecidingContext,
  payment: Readonly<PaymentState>,
  input: ChallengeInput,
): Verdict {
  const { paymentId, result } = input.command;
  if (payment.status !== 'pending' || payment.awaiting !== 'challenge') {
    return refused('not_challenged', `payment ${paymentId} does not wait for a challenge`);
  }
  const answered: LedgerEvent = { ...input.command, type: 'ChallengeAnswered' };
  if (result !== 'passed') {
    const ref = `${input.deps.state.decisions.policy.version}#challenge_${result}`;
    return done(answered, { type: 'PaymentDenied', paymentId, by: { kind: 'policy', ref } });
  }
  const ruling = decide(context, payment, input.deps);
  if (!ruling) throw new Error(`payment ${paymentId} was not read from the log`);
  const decision = afterChallenge(ruling.decision);
  return done(answered, ...settlePayment(context, payment, { ...ruling, decision }));
}

/** What only asked for the challenge that was passed asks for nothing more. */
function afterChallenge(decision: DecisionRecord): DecisionRecord {
  return decision.outcome === 'challenge' ? { ...decision, outcome: 'approve' } : decision;
}

function decide(
  { shardTime }: DecidingContext,
  payment: Readonly<PaymentState>,
  deps: AgainDeps,
): Ruling | undefined {
  const stored = deps.stored(payment.id);
  if (!stored) return undefined;
  const { request, vector, isReread } = stored;
  const { scorer, words } = deps;
  const startedMicros = deps.nowMicros();
  const { probabilities, degraded: modelDegraded } = scorer.score(vector, 1);
  const score = probabilities[0] ?? NaN;
  const decision = decideScored(deps, {
    payment,
    request,
    vector,
    score,
    modelDegraded,
    shardTime,
    startedMicros,
  });
  const explained = needsExplanation(decision)
    ? withScoreReasons(decision, scorer.explain(vector, 1)[0] ?? [], words)
    : decision;
  return { decision: explained, ...(isReread ? { vector } : {}) };
}
