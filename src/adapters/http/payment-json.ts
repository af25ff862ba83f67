/**
 * Writes payments as clients see them: the fields that were sent, then where the payment stands.
 *
 * The answer to a fresh payment is put together from text that exists already, because `JSON.stringify`
 * of the whole would cost more than the decision did. A test holds both equal.
 */
import type { PaymentAnswer } from '#src/domain/answer.ts';
import type { DecisionRecord } from '#src/domain/decision.ts';
import type { CaptureMode } from '#src/domain/payment.ts';
import { formatInstant } from '#src/ingest/instant.ts';
import type { HistoryView, LabelView, PaymentDetails, PaymentView } from '#src/ports/ledger-views.ts';

/** Where a payment stands, from the shard's answer or from a view. */
type Standing = Pick<
  PaymentAnswer,
  | 'status'
  | 'awaiting'
  | 'until'
  | 'rejection'
  | 'capturedAmount'
  | 'reversedAmount'
  | 'settlement'
  | 'decision'
  | 'version'
>;

/** The vector by feature name, a missing value as the word that says how it is missing. */
export type DescribeVector = (vector: Float32Array) => Readonly<Record<string, number | string>>;

/** `canonical` is the JSON of what was sent; the capture mode is added where it was not sent. */
export function answeredPaymentJson(canonical: string, capture: CaptureMode, answer: PaymentAnswer): string {
  const open = canonical.slice(0, -1);
  const defaulted = canonical.includes('"capture":') ? '' : `,"capture":"${capture}"`;
  return `${open}${defaulted},${standingJson(answer)}}`;
}

/** `stored` is the JSON of the fields that were sent; `decision` is the one to show, if there was any. */
export function paymentViewJson(
  stored: string,
  view: PaymentView,
  decision: DecisionRecord | undefined,
): string {
  const standing = standingJson({ ...view, ...(decision && { decision }) });
  const received = `,"receivedAt":"${formatInstant(view.receivedAt)}"`;
  const erased = view.erased ? ',"erased":true' : '';
  return `${stored.slice(0, -1)},${standing}${movingJson(view)}${received}${erased}}`;
}

/** What there is only where debtor and creditor are in different shards. */
function movingJson({ returnedAmount, pendingReversals, idConflict }: PaymentView): string {
  const returned = returnedAmount === 0 ? '' : `,"returnedAmount":${returnedAmount}`;
  const pending =
    pendingReversals.length === 0 ? '' : `,"pendingReversals":${JSON.stringify(pendingReversals)}`;
  return returned + pending + (idConflict ? ',"idConflict":true' : '');
}

/** The same with everything that is known of one payment. */
export function detailedPaymentJson(stored: string, view: PaymentView, describe: DescribeVector): string {
  const short = paymentViewJson(stored, view, view.decisions.at(-1));
  const decisions = `"decisions":[${view.decisions.map(decisionJson).join(',')}]`;
  const details = view.details === undefined ? '' : `,${detailsJson(view.details, describe)}`;
  return `${short.slice(0, -1)},${decisions}${details}}`;
}

function standingJson(standing: Standing): string {
  const { status, awaiting, until, rejection, capturedAmount, reversedAmount, decision, version } = standing;
  const settlement = standing.settlement === undefined ? 'null' : `"${standing.settlement}"`;
  const untilText = until === undefined ? 'null' : `"${formatInstant(until)}"`;
  const awaitingText = awaiting === undefined ? 'null' : `{"for":"${awaiting}","until":${untilText}}`;
  const reason = rejection === undefined ? '' : `,"reason":"${rejection}"`;
  const decided = decision === undefined ? 'null' : decisionJson(decision);
  return (
    `"status":"${status}"${reason},"awaiting":${awaitingText},"capturedAmount":${capturedAmount},` +
    `"reversedAmount":${reversedAmount},"settlement":${settlement},"decision":${decided},` +
    `"expiresAt":${untilText},"version":${version}`
  );
}

function decisionJson(decision: DecisionRecord): string {
  const wouldBe = decision.wouldBe === undefined ? 'null' : `"${decision.wouldBe}"`;
  return (
    `{"number":${decision.number},"outcome":"${decision.outcome}","wouldBe":${wouldBe},` +
    `"score":${shownScore(decision.score)},"reasons":${listJson(decision.reasons)},` +
    `"basis":${JSON.stringify(decision.basis)},"diverted":${listJson(decision.diverted)},` +
    `"model":${JSON.stringify(decision.model)},"policy":${JSON.stringify(decision.policy)},` +
    `"mode":"${decision.mode}","degraded":${listJson(decision.degraded)},` +
    `"decidedAt":"${formatInstant(decision.decidedAt)}","tookMicros":${decision.tookMicros}}`
  );
}

function listJson(values: readonly unknown[]): string {
  return values.length === 0 ? '[]' : JSON.stringify(values);
}

/** A 32-bit float has no more than seven digits that mean anything. */
function shownScore(score: number): number {
  return Number(score.toPrecision(6));
}

function detailsJson({ vector, labels, history }: PaymentDetails, describe: DescribeVector): string {
  const members = {
    vector: vector === undefined ? null : describe(vector),
    labels: labels.map(labelValue),
    history: history.map(historyValue),
  };
  return JSON.stringify(members).slice(1, -1);
}

export function labelValue({ observedAt, ...label }: LabelView) {
  return { ...label, observedAt: formatInstant(observedAt) };
}

function historyValue({ at, ...step }: HistoryView) {
  return { ...step, at: formatInstant(at) };
}
