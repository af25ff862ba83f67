/**
 * What is known against a terminal, from labels that are old enough: how many frauds, how long ago,
 * whether an episode of fraud is still going on or honest payments have followed it since. Frauds at
 * a compromised terminal come in episodes; the share over a fixed window alone cannot tell the middle
 * of one from its end.
 */
import type { FeatureSource, Transaction } from '#training/handbook/feature-source.ts';
import { DAY_SECONDS } from '#training/handbook/transactions.ts';

/** Known outcomes are counted over this long. */
const RISK_WINDOW_SECONDS = 35 * DAY_SECONDS;
/** A fraud after a longer quiet begins a new episode. */
const EPISODE_GAP_SECONDS = 28 * DAY_SECONDS;
const LIVE_EPISODE_DAYS = 28;
const RECENT_FRAUD_DAYS = 21;
const DAYS_MAX = 90;
const GAP_HOURS_MAX = 720;

const NAMES = [
  'terminal_known_frauds_35d',
  'terminal_known_payments_35d',
  'terminal_smoothed_risk_35d',
  'terminal_days_since_known_fraud',
  'terminal_episode_days',
  'terminal_honest_days_before_episode',
  'terminal_honest_since_known_fraud',
  'terminal_episode_is_live',
  'terminal_fraud_is_recent',
  'terminal_hours_since_last',
  'terminal_frauds_in_episode',
  'terminal_share_since_episode',
] as const;

class TerminalPast {
  /** Every transaction, oldest first; those before `known` have labels that may be used. */
  readonly seconds: number[] = [];
  readonly frauds: boolean[] = [];
  known = 0;
  /** The first known one within the risk window. */
  inWindow = 0;
  fraudsInWindow = 0;
  lastFraud = Number.NEGATIVE_INFINITY;
  episodeStart = Number.NEGATIVE_INFINITY;
  lastHonest = Number.NEGATIVE_INFINITY;
  honestBeforeEpisode = Number.NEGATIVE_INFINITY;
  honestSinceFraud = 0;
  fraudsInEpisode = 0;
  honestInEpisode = 0;
}

function learnFraud(past: TerminalPast, second: number): void {
  if (second - past.lastFraud > EPISODE_GAP_SECONDS) {
    past.episodeStart = second;
    past.honestBeforeEpisode = past.lastHonest;
    past.fraudsInEpisode = 0;
    past.honestInEpisode = 0;
  }
  past.lastFraud = second;
  past.fraudsInWindow += 1;
  past.honestSinceFraud = 0;
  past.fraudsInEpisode += 1;
}

function learnHonest(past: TerminalPast, second: number): void {
  past.lastHonest = second;
  past.honestSinceFraud += 1;
  past.honestInEpisode += 1;
}

function learnUpTo(past: TerminalPast, knownUntil: number): void {
  while (past.known < past.seconds.length && (past.seconds[past.known] as number) <= knownUntil) {
    const second = past.seconds[past.known] as number;
    if (past.frauds[past.known] === true) learnFraud(past, second);
    else learnHonest(past, second);
    past.known += 1;
  }
}

function forgetBefore(past: TerminalPast, oldest: number): void {
  while (past.inWindow < past.known && (past.seconds[past.inWindow] as number) <= oldest) {
    if (past.frauds[past.inWindow] === true) past.fraudsInWindow -= 1;
    past.inWindow += 1;
  }
}

export function createTerminalRecord(labelDelaySeconds: number): FeatureSource {
  const terminals: TerminalPast[] = [];

  const valuesOf = (past: TerminalPast, { second }: Transaction): readonly number[] => {
    const daysSince = (time: number): number => Math.min((second - time) / DAY_SECONDS, DAYS_MAX);
    const knownPayments = past.known - past.inWindow;
    const episodeDays = daysSince(past.episodeStart);
    return [
      past.fraudsInWindow,
      knownPayments,
      (past.fraudsInWindow + 0.01) / (knownPayments + 1),
      daysSince(past.lastFraud),
      episodeDays,
      daysSince(past.honestBeforeEpisode),
      past.honestSinceFraud,
      episodeDays < LIVE_EPISODE_DAYS && past.honestSinceFraud === 0 ? 1 : 0,
      daysSince(past.lastFraud) < RECENT_FRAUD_DAYS ? 1 : 0,
      Math.min((second - (past.seconds.at(-1) ?? Number.NEGATIVE_INFINITY)) / 3600, GAP_HOURS_MAX),
      past.fraudsInEpisode,
      past.fraudsInEpisode / (past.fraudsInEpisode + past.honestInEpisode + 0.5),
    ];
  };

  return {
    names: NAMES,
    observe: (transaction, isFraud, { out, at }) => {
      const past = (terminals[transaction.terminal] ??= new TerminalPast());
      learnUpTo(past, transaction.second - labelDelaySeconds);
      forgetBefore(past, transaction.second - RISK_WINDOW_SECONDS);
      out.set(valuesOf(past, transaction), at);
      past.seconds.push(transaction.second);
      past.frauds.push(isFraud);
    },
  };
}
