/** What became of each campaign: at which payment it was stopped, after how long, with how much lost. */
import type { PlayedPayment } from './stream-player.ts';

export interface CampaignResult {
  readonly campaign: string;
  readonly family: string;
  readonly payments: number;
  /** The first payment that was withheld, counted from 1; undefined when none was. */
  readonly stoppedAt: number | undefined;
  readonly minutesUntilStopped: number | undefined;
  /** Withheld payments. */
  readonly caught: number;
  /** What its payments took, minor units. */
  readonly lostMinor: number;
  readonly attemptedMinor: number;
}

export interface FamilyResult {
  readonly family: string;
  readonly campaigns: number;
  readonly stopped: number;
  /** Medians over the campaigns that were stopped. */
  readonly stoppedAtPayment: number | undefined;
  readonly minutesUntilStopped: number | undefined;
  readonly lostMinor: number;
  readonly attemptedMinor: number;
}

const MINUTE_MS = 60_000;

/** Withheld: denied, in review, challenged, or turned down by the ledger. */
export function isWithheld({ decided }: PlayedPayment): boolean {
  return decided.decision === null || decided.decision.outcome !== 'approve';
}

/** Money that is gone: approved, and not declined by the issuer. */
function isLost(played: PlayedPayment): boolean {
  return !isWithheld(played) && played.sent.truth.issuer.approved;
}

export function campaignResults(played: readonly PlayedPayment[]): readonly CampaignResult[] {
  const campaigns = new Map<string, PlayedPayment[]>();
  for (const one of played) {
    const { campaign, fraud } = one.sent.truth;
    if (campaign === null || !fraud) continue;
    const payments = campaigns.get(campaign) ?? [];
    payments.push(one);
    campaigns.set(campaign, payments);
  }
  return [...campaigns].map(([campaign, payments]) => resultOf(campaign, payments));
}

function resultOf(campaign: string, payments: readonly PlayedPayment[]): CampaignResult {
  const stopped = payments.findIndex(isWithheld);
  const startedAt = payments[0]?.sent.at ?? 0;
  const stoppedAfterMs = (payments[stopped]?.sent.at ?? startedAt) - startedAt;
  return {
    campaign,
    family: payments[0]?.sent.truth.family ?? 'unknown',
    payments: payments.length,
    stoppedAt: stopped < 0 ? undefined : stopped + 1,
    minutesUntilStopped: stopped < 0 ? undefined : stoppedAfterMs / MINUTE_MS,
    caught: payments.filter(isWithheld).length,
    lostMinor: sum(payments.filter(isLost)),
    attemptedMinor: sum(payments),
  };
}

export function familyResults(campaigns: readonly CampaignResult[]): readonly FamilyResult[] {
  const families = Map.groupBy(campaigns, ({ family }) => family);
  return [...families].map(([family, results]) => ({
    family,
    campaigns: results.length,
    stopped: results.filter(({ stoppedAt }) => stoppedAt !== undefined).length,
    stoppedAtPayment: medianOf(results.flatMap(({ stoppedAt }) => stoppedAt ?? [])),
    minutesUntilStopped: medianOf(results.flatMap(({ minutesUntilStopped }) => minutesUntilStopped ?? [])),
    lostMinor: results.reduce((total, { lostMinor }) => total + lostMinor, 0),
    attemptedMinor: results.reduce((total, { attemptedMinor }) => total + attemptedMinor, 0),
  }));
}

function sum(payments: readonly PlayedPayment[]): number {
  return payments.reduce((total, { sent }) => total + sent.amount, 0);
}

function medianOf(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
