/** Habits and acquaintances by brute force over trusted payments. */
import type { EntityKind } from '#src/domain/entity.ts';
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import type { Attempt } from '#src/ports/feature-stage.ts';
import { deviationOf } from '#test/support/oracle/attempt-oracle.ts';
import type { EntityNames } from '#test/support/oracle/entity-names.ts';
import type { KnownOutcome, OutcomeOracle } from '#test/support/oracle/outcome-oracle.ts';

interface Question {
  readonly attempt: Attempt;
  readonly names: EntityNames;
  readonly amount: number | undefined;
  readonly country: string;
}

interface Meeting {
  readonly name: string;
  firstAt: number;
  lastAt: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const OTHERS: Readonly<Record<string, EntityKind | 'payee'>> = {
  payee: 'payee',
  device: 'device',
  card: 'card',
  network: 'ipNetwork',
};

export class HabitOracle {
  readonly #outcomes: OutcomeOracle;

  constructor(outcomes: OutcomeOracle) {
    this.#outcomes = outcomes;
  }

  value(kind: EntityKind, { name, metric }: { name: string; metric: string }, question: Question): number {
    const { attempt } = question;
    const trusted = this.#outcomes
      .trusted(kind, name, attempt.shardTime)
      .filter(({ shardTime }) => shardTime > attempt.shardTime - 30 * DAY_MS);
    const pair = /^(payee|device|card|network)_(first_posted|posted)$/.exec(metric);
    if (pair)
      return this.#pair(
        kind,
        { name, other: OTHERS[pair[1] ?? ''] ?? 'payee', isFirst: pair[2] === 'first_posted' },
        question,
      );
    const habit = trusted.slice(-64);
    return metric.startsWith('amount_')
      ? amountHabit(metric, habit, question)
      : share(metric, habit, question);
  }

  #pair(
    kind: EntityKind,
    pair: { name: string; other: EntityKind | 'payee'; isFirst: boolean },
    { attempt, names }: Question,
  ): number {
    const token = names[pair.other];
    if (token === undefined) return NOT_SENT;
    const { shardTime } = attempt;
    const trusted = this.#outcomes
      .trusted(kind, pair.name, shardTime)
      .filter((one) => one.shardTime > shardTime - 30 * DAY_MS);
    const together = trusted.filter((one) => one.names[pair.other] === token);
    if (!pair.isFirst) return trusted.length === 0 ? NO_HISTORY : together.length;
    const isMarked = this.#outcomes
      .visible(kind, pair.name, { windowMs: 30 * DAY_MS, shardTime })
      .some(
        (one) =>
          one.kind === 'fraud_label' &&
          one.names[pair.other] === token &&
          this.#outcomes.labelStands(kind, pair.name, { label: one, shardTime }),
      );
    const since = [together[0]?.shardTime, this.#metAt(kind, pair, { token, shardTime })].filter(
      (one) => one !== undefined,
    );
    return isMarked || since.length === 0 ? NO_HISTORY : (shardTime - Math.min(...since)) / DAY_MS;
  }

  /** The last four acquaintances among what has aged; a label that has aged ends one, and taken back begins it again. */
  #metAt(
    kind: EntityKind,
    { name, other }: { name: string; other: EntityKind | 'payee' },
    { token, shardTime }: { token: string; shardTime: number },
  ): number | undefined {
    const places: (Meeting | undefined)[] = [undefined, undefined, undefined, undefined];
    for (const { step, outcome } of this.#outcomes.trustSteps(kind, name, shardTime)) {
      const met = outcome.names[other];
      if (met === undefined) continue;
      if (step === 'posted') meet(places, met, outcome.shardTime);
      if (step === 'given') meet(places, met, outcome.featureTime);
      const place = places.findIndex((one) => one?.name === met);
      if (step === 'taken' && place >= 0) places[place] = undefined;
    }
    return places.find((one) => one?.name === token)?.firstAt;
  }
}

/** Of those last seen at one moment the first place is given away; one seen longer ago than all others has none. */
function meet(places: (Meeting | undefined)[], name: string, at: number): void {
  const again = places.find((one) => one?.name === name);
  if (again) {
    again.firstAt = Math.min(again.firstAt, at);
    again.lastAt = Math.max(again.lastAt, at);
    return;
  }
  const seen = places.map((one) => one?.lastAt ?? 0);
  const oldest = Math.min(...seen);
  if (oldest <= at) places[seen.indexOf(oldest)] = { name, firstAt: at, lastAt: at };
}

function amountHabit(metric: string, habit: readonly KnownOutcome[], { amount }: Question): number {
  const amounts = habit
    .flatMap((one) => (one.amount === undefined ? [] : [one.amount]))
    .toSorted((left, right) => left - right);
  if (amount === undefined) return UNREADABLE;
  if (amounts.length === 0) return habit.length === 0 ? NO_HISTORY : UNREADABLE;
  const mean = amounts.reduce((sum, one) => sum + one, 0) / amounts.length;
  const middle = [
    amounts[Math.floor((amounts.length - 1) / 2)] ?? 0,
    amounts[Math.floor(amounts.length / 2)] ?? 0,
  ];
  switch (metric) {
    case 'amount_to_mean':
      return amount / mean;
    case 'amount_to_median':
      return amount / (((middle[0] ?? 0) + (middle[1] ?? 0)) / 2);
    case 'amount_to_p90':
      return amount / (amounts[Math.ceil(0.9 * amounts.length) - 1] ?? 0);
    default: {
      const deviation = amounts.length > 1 ? deviationOf(amounts.map(BigInt)) : 0;
      return deviation === 0 ? NO_HISTORY : (amount - mean) / deviation;
    }
  }
}

function share(metric: string, habit: readonly KnownOutcome[], { attempt, country }: Question): number {
  const zone = attempt.request.personal.device?.timezone;
  if (metric === 'timezone_share' && zone === undefined) return NOT_SENT;
  if (metric === 'country_share' && country === '') return NOT_SENT;
  if (habit.length === 0) return NO_HISTORY;
  const hour = new Date(attempt.featureTime).getUTCHours();
  const day = new Date(attempt.featureTime).getUTCDay();
  const alike = habit.filter((one) => {
    const then = new Date(one.featureTime);
    if (metric === 'timezone_share') return one.zone === zone;
    if (metric === 'country_share') return one.country === country;
    if (metric === 'weekday_share') return then.getUTCDay() === day;
    const apart = Math.abs(then.getUTCHours() - hour);
    return Math.min(apart, 24 - apart) * HOUR_MS <= HOUR_MS;
  });
  return alike.length / habit.length;
}
