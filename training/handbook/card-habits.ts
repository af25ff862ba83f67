/**
 * What is usual for a card, from its own past alone: how the amount stands to the median, the trimmed
 * mean and the 90th percentile of its last payments, and how often it was unusual lately. A stolen
 * card buys more at once than its owner does; a single large payment is not the same as three in a week.
 */
import type { FeatureSource, Transaction } from '#training/handbook/feature-source.ts';
import { DAY_SECONDS } from '#training/handbook/transactions.ts';

/** Enough for steady percentiles, and a limit on memory for each card. */
const AMOUNTS_KEPT_MAX = 256;
const TRIMMED_SHARE = 0.95;
const HIGH_FACTOR = 2.5;
/** Before this many payments nothing is called unusual. */
const HABIT_PAYMENTS_MIN = 5;
const HIGH_WINDOW_SECONDS = 14 * DAY_SECONDS;
const SHORT_HIGH_WINDOW_SECONDS = 5 * DAY_SECONDS;
const GAP_SECONDS_MAX = 30 * DAY_SECONDS;
const LOG_RATIO_LIMIT = 5;

const NAMES = [
  'card_payments',
  'card_trimmed_mean',
  'card_median',
  'card_quartile_distance',
  'card_log_amount_over_mean',
  'card_log_amount_over_median',
  'card_log_amount_over_p90',
  'card_high_amounts_14d',
  'card_high_amounts_5d',
  'card_high_share_14d',
  'card_last_amount_over_median',
  'card_hours_since_last',
  'card_terminal_seen',
] as const;

class CardPast {
  /** The last amounts in order of arrival, and the same sorted. */
  readonly #recent: number[] = [];
  readonly #sorted: number[] = [];
  readonly terminals = new Set<number>();
  highTimes: number[] = [];
  times: number[] = [];
  lastSecond = Number.NEGATIVE_INFINITY;
  lastAmount = 0;

  get payments(): number {
    return this.#sorted.length;
  }

  #place(amount: number): number {
    const found = this.#sorted.findIndex((kept) => kept >= amount);
    return found < 0 ? this.#sorted.length : found;
  }

  remember(amount: number): void {
    this.#recent.push(amount);
    this.#sorted.splice(this.#place(amount), 0, amount);
    if (this.#recent.length > AMOUNTS_KEPT_MAX)
      this.#sorted.splice(this.#place(this.#recent.shift() as number), 1);
  }

  /** The amount below which this share of the past lies; 0 without a past. */
  percentile(share: number): number {
    return this.#sorted[Math.min(this.payments - 1, Math.floor(this.payments * share))] ?? 0;
  }

  trimmedMean(): number {
    const kept = this.#sorted.slice(0, Math.max(1, Math.floor(this.payments * TRIMMED_SHARE)));
    return kept.reduce((sum, amount) => sum + amount, 0) / Math.max(1, kept.length);
  }
}

function logRatio(amount: number, usual: number): number {
  if (usual === 0) return 0;
  return Math.max(-LOG_RATIO_LIMIT, Math.min(LOG_RATIO_LIMIT, Math.log((amount + 1) / (usual + 1))));
}

export function createCardHabits(): FeatureSource {
  const cards: CardPast[] = [];

  const valuesOf = (past: CardPast, transaction: Transaction): readonly number[] => {
    const { second, amountMinor } = transaction;
    past.highTimes = past.highTimes.filter((time) => time > second - HIGH_WINDOW_SECONDS);
    past.times = past.times.filter((time) => time > second - HIGH_WINDOW_SECONDS);
    const median = past.percentile(0.5);
    const mean = past.trimmedMean();
    return [
      past.payments,
      mean,
      median,
      past.percentile(0.75) - past.percentile(0.25),
      logRatio(amountMinor, mean),
      logRatio(amountMinor, median),
      logRatio(amountMinor, past.percentile(0.9)),
      past.highTimes.length,
      past.highTimes.filter((time) => time > second - SHORT_HIGH_WINDOW_SECONDS).length,
      past.highTimes.length / (past.times.length + 1),
      logRatio(past.lastAmount, median),
      Math.min(second - past.lastSecond, GAP_SECONDS_MAX) / 3600,
      past.terminals.has(transaction.terminal) ? 1 : 0,
    ];
  };

  const remember = (past: CardPast, { second, amountMinor, terminal }: Transaction): void => {
    if (past.payments >= HABIT_PAYMENTS_MIN && amountMinor > HIGH_FACTOR * past.percentile(0.5))
      past.highTimes.push(second);
    past.times.push(second);
    past.remember(amountMinor);
    past.lastSecond = second;
    past.lastAmount = amountMinor;
    past.terminals.add(terminal);
  };

  return {
    names: NAMES,
    observe: (transaction, _isFraud, { out, at }) => {
      const past = (cards[transaction.card] ??= new CardPast());
      out.set(valuesOf(past, transaction), at);
      remember(past, transaction);
    },
  };
}
