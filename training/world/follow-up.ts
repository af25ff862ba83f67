/**
 * Owns what becomes known of a payment afterwards, which is not the truth: reports come late, small
 * fraud is often never reported, some honest payments are disputed by the very people who made them,
 * and reviewers err. Training sees only this; the truth is for evaluation.
 *
 * Delays are log-normal. Where the figures come from stands in README.md.
 */
import type { Attempt, Verdict } from './attempt.ts';
import { DAY_MS, HOUR_MS } from './calendar.ts';
import type { Label, LabelKind, LabelSource } from './label.ts';
import type { Family, LabelParameters } from './parameters.ts';
import type { Random } from './random.ts';
import type { Action } from './schedule.ts';
import type { Reversal } from './stage.ts';
import type { Outcome, PaymentItem } from './world-item.ts';

interface Report {
  readonly source: LabelSource;
  /** Of those who report at all, how many by this way. */
  readonly share: number;
  readonly medianDays: number;
  readonly sigma: number;
}

interface Reporting {
  readonly kind: LabelKind;
  /** Chance that anything is ever reported, when the sum is not small. */
  readonly reported: number;
  readonly ways: readonly Report[];
}

const EARLY_WARNING: Report = { source: 'early_warning', share: 0.45, medianDays: 7, sigma: 0.6 };
const CHARGEBACK: Report = { source: 'chargeback', share: 0.8, medianDays: 28, sigma: 0.55 };
const CUSTOMER_REPORT: Report = { source: 'customer_report', share: 0.7, medianDays: 2, sigma: 0.9 };

const REPORTING: Readonly<Record<Family, Reporting>> = {
  card_testing: { kind: 'stolen_card', reported: 0.92, ways: [EARLY_WARNING, CHARGEBACK] },
  account_takeover: { kind: 'account_takeover', reported: 0.95, ways: [CUSTOMER_REPORT, CHARGEBACK] },
  device_farm: { kind: 'stolen_card', reported: 0.9, ways: [EARLY_WARNING, CHARGEBACK] },
  bust_out: {
    kind: 'first_party',
    reported: 0.8,
    ways: [{ source: 'issuer', share: 1, medianDays: 75, sigma: 0.3 }],
  },
  scam_payee: {
    kind: 'scam',
    reported: 0.6,
    ways: [
      { source: 'customer_report', share: 0.85, medianDays: 6, sigma: 1 },
      { source: 'recall', share: 0.4, medianDays: 9, sigma: 0.8 },
    ],
  },
  mule_chain: {
    kind: 'mule',
    reported: 0.5,
    ways: [{ source: 'recall', share: 1, medianDays: 12, sigma: 0.8 }],
  },
  refund_abuse: {
    kind: 'refund_abuse',
    reported: 0.35,
    ways: [{ source: 'refund', share: 1, medianDays: 35, sigma: 0.5 }],
  },
  merchant_collusion: { kind: 'stolen_card', reported: 0.75, ways: [EARLY_WARNING, CHARGEBACK] },
};

/** Minor units below which fraud counts as small. */
const SMALL_AMOUNT = 2_500;

export interface LabelDesk {
  readonly parameters: LabelParameters;
  readonly random: Random;
  readonly publish: (label: Label, at: number) => void;
  readonly reverse: (reversal: Reversal, at: number) => void;
  readonly later: (at: number, action: Action) => void;
}

export interface Fate {
  readonly item: PaymentItem;
  readonly attempt: Attempt;
  readonly outcome: Outcome;
  readonly verdict: Verdict;
}

/** Sends for later whatever will be said about this payment. */
export function followUp(desk: LabelDesk, fate: Fate): void {
  const { family } = fate.attempt.story;
  if (fate.outcome === 'review') publishReview(desk, fate);
  if (!fate.verdict.completed) return;
  if (family !== null && fate.attempt.story.fraud) publishReports(desk, fate, REPORTING[family]);
  else if (fate.attempt.card !== null && desk.random.chance(desk.parameters.firstPartyDisputeShare))
    publishDispute(desk, fate);
}

function publishReview(desk: LabelDesk, { item }: Fate): void {
  const approves = item.backstage.reviewApproves;
  const label: Label = {
    paymentId: item.body.id,
    label: approves ? 'legitimate' : 'fraud',
    kind: 'unknown',
    source: 'review',
  };
  desk.publish(label, item.at + desk.random.between(0.05, 6) * HOUR_MS);
}

function publishReports(desk: LabelDesk, { item, attempt }: Fate, reporting: Reporting): void {
  const { random, parameters } = desk;
  const small = attempt.amount < SMALL_AMOUNT;
  if (!random.chance(small ? reporting.reported * parameters.smallFraudReportedShare : reporting.reported))
    return;
  for (const way of reporting.ways) {
    if (!random.chance(way.share)) continue;
    const kind = random.chance(parameters.kindUnknownShare) ? 'unknown' : reporting.kind;
    const at = item.at + random.logNormal(way.medianDays, way.sigma) * DAY_MS * parameters.delayFactor;
    publishOne(desk, { paymentId: item.body.id, label: 'fraud', kind, source: way.source }, at);
    blockCard(desk, attempt, at);
    if (way.source === 'chargeback') chargeBack(desk, item, at);
  }
}

function publishOne(desk: LabelDesk, label: Label, at: number): void {
  desk.publish(label.source === 'chargeback' ? { ...label, state: 'open' } : label, at);
}

/** A card that is reported is stopped; its owner gets another. */
function blockCard(desk: LabelDesk, { card }: Attempt, at: number): void {
  if (card !== null) desk.later(at, () => (card.state = 'blocked'));
}

function chargeBack(desk: LabelDesk, { body }: PaymentItem, at: number): void {
  if (body.amount > 0) desk.reverse({ paymentId: body.id, amount: body.amount, kind: 'chargeback' }, at);
}

/** Somebody disputes what they bought themselves; a third of such disputes the merchant wins. */
function publishDispute(desk: LabelDesk, { item }: Fate): void {
  const { random } = desk;
  const dispute = { paymentId: item.body.id, label: 'fraud', kind: 'unknown', source: 'chargeback' } as const;
  const at = item.at + random.logNormal(CHARGEBACK.medianDays, CHARGEBACK.sigma) * DAY_MS;
  publishOne(desk, dispute, at);
  chargeBack(desk, item, at);
  if (!random.chance(0.33)) return;
  desk.publish(
    { ...dispute, label: 'legitimate', kind: 'first_party', state: 'won' },
    at + random.between(20, 60) * DAY_MS,
  );
}
