/** Every feature that is made from histories, by brute force. See `attempt-oracle.ts` and `outcome-oracle.ts`. */
import type { EntityKind } from '#src/domain/entity.ts';
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import type { FeatureDefinition } from '#src/features/feature-definition.ts';
import type { Attempt } from '#src/ports/feature-stage.ts';
import type { FeatureItem } from '#test/support/feature-stream.ts';
import { AttemptOracle, WINDOW_MS } from '#test/support/oracle/attempt-oracle.ts';
import { entityNames } from '#test/support/oracle/entity-names.ts';
import type { EntityNames } from '#test/support/oracle/entity-names.ts';
import { HabitOracle } from '#test/support/oracle/habit-oracle.ts';
import { OutcomeOracle } from '#test/support/oracle/outcome-oracle.ts';

const DAY_MS = 86_400_000;
const AMOUNT_MAX = 2n ** 33n - 1n;

interface Question {
  readonly attempt: Attempt;
  readonly names: EntityNames;
  readonly amount: number | undefined;
  readonly country: string;
}

export class FeatureOracle {
  readonly #attempts = new AttemptOracle();
  readonly #outcomes = new OutcomeOracle((kind, name) => this.#attempts.isSaturated(kind, name));
  readonly #habits = new HabitOracle(this.#outcomes);
  readonly #signals: { account: string; kind: string; time: number }[] = [];

  /** The values that the attempt must have, by name. */
  expect(attempt: Attempt): ReadonlyMap<string, number> {
    const question = questionOf(attempt);
    const values = new Map<string, number>();
    for (const feature of FEATURES) {
      const value = this.#value(feature, question);
      if (value !== undefined) values.set(feature.name, value);
    }
    return values;
  }

  learn(item: FeatureItem): void {
    if (item.type === 'attempt') {
      const { amount, country } = questionOf(item.attempt);
      this.#attempts.add(item.attempt, amount, country);
    } else if (item.type === 'outcome') {
      const { outcome, request } = item;
      const amount = rated(outcome.amount, outcome.asset);
      this.#outcomes.add(outcome, request, { amount, country: countryOf(request.personal.ip) });
    } else if (item.type === 'signal') {
      this.#signals.push({ account: item.account, kind: item.signal.kind, time: item.signal.occurredAt });
    } else {
      this.#outcomes.addCardLabel(item.card, item.label);
    }
  }

  /** Undefined for what no history makes. */
  #value(feature: FeatureDefinition, question: Question): number | undefined {
    const { source, entity, metric, window } = feature;
    const { names, attempt } = question;
    if (source === 'payment') return this.#fromSource(feature.name, question);
    if (source === 'ledger' || entity === undefined) return undefined;
    if (source === 'signals') return this.#signal(metric, question);
    const name = names[entity];
    if (name === undefined) return NOT_SENT;
    if (source === 'attempts')
      return this.#attempts.value(entity, name, { metric, window, now: attempt.featureTime });
    if (source === 'outcomes')
      return this.#outcome(entity, name, { metric, windowMs: WINDOW_MS[window ?? ''] ?? Infinity, question });
    if (['first_posted', 'last_posted', 'posted', 'posted_older_60d'].includes(metric)) {
      return this.#outcomes.tenure(entity, name, { metric, shardTime: attempt.shardTime });
    }
    return this.#habits.value(entity, { name, metric }, question);
  }

  #outcome(
    entity: EntityKind,
    name: string,
    { metric, windowMs, question }: { metric: string; windowMs: number; question: Question },
  ): number {
    const { attempt, amount, names } = question;
    const { shardTime, featureTime } = attempt;
    const outcomes = this.#outcomes;
    const window = { windowMs, shardTime };
    const debtor = names.account ?? '';
    const creditor = names.creditor ?? '';
    const isKnown = this.#attempts.known(entity, name).length > 0;
    const attemptsIn = (of: string): number =>
      this.#attempts.inWindow(entity, name, { window: of, now: featureTime }).length;
    const declines = (of: string): number =>
      outcomes.count(entity, name, { metric: 'issuer_declines', windowMs: WINDOW_MS[of] ?? 0, shardTime });
    switch (metric) {
      case 'days_since_fraud_label':
        return since(shardTime, outcomes.lastLabelAt(entity, name, shardTime), DAY_MS);
      case 'fraud_labels': {
        const count = outcomes.count(entity, name, { metric, ...window });
        return isKnown || (windowMs === Infinity && count > 0) ? count : NO_HISTORY;
      }
      case 'minutes_since_inflow': {
        const last = outcomes.last('creditor', entity === 'creditor' ? creditor : debtor, {
          of: 'posted',
          windowMs: 30 * DAY_MS,
          shardTime,
        });
        return since(shardTime, last, 60_000);
      }
      case 'amount_to_inflow': {
        const inflow = outcomes.sum('creditor', debtor, { of: 'posted', ...window });
        if (amount === undefined) return UNREADABLE;
        return inflow === 0 ? NO_HISTORY : amount / inflow;
      }
      case 'passed_on_share': {
        const inflow = outcomes.sum('creditor', creditor, { of: 'posted', ...window });
        return inflow === 0
          ? NO_HISTORY
          : outcomes.sum('account', creditor, { of: 'posted', ...window }) / inflow;
      }
    }
    if (!isKnown) return NO_HISTORY;
    if (metric === 'inflow_sum') return outcomes.sum(entity, name, { of: 'posted', ...window });
    if (metric === 'issuer_decline_share') {
      const of = windowMs === WINDOW_MS['10m'] ? '10m' : '7d';
      return attemptsIn(of) === 0 ? NO_HISTORY : declines(of) / attemptsIn(of);
    }
    if (metric === 'issuer_decline_share_to_week') {
      const share = (of: string): number => (declines(of) + 1) / (attemptsIn(of) + 1);
      return share('10m') / share('7d');
    }
    if (metric === 'reversed_share') {
      const posted = outcomes.sum(entity, name, { of: 'posted', ...window });
      return posted === 0 ? NO_HISTORY : outcomes.sum(entity, name, { of: 'reversed', ...window }) / posted;
    }
    return outcomes.count(entity, name, { metric, ...window });
  }

  #signal(metric: string, { names, attempt }: Question): number {
    const kind = metric.replace('minutes_since_', '');
    const times = this.#signals
      .filter((one) => one.account === names.account && one.kind === kind)
      .map(({ time }) => time);
    const last = Math.max(0, ...times);
    return last === 0 || last > attempt.featureTime ? NO_HISTORY : (attempt.featureTime - last) / 60_000;
  }

  #fromSource(name: string, { attempt, names, country }: Question): number | undefined {
    const now = attempt.featureTime;
    if (name === 'account_country_changes_24h') {
      if (country === '') return NOT_SENT;
      const recent = this.#attempts.inWindow('account', names.account ?? '', { window: '24h', now });
      const countries = inOrder(recent)
        .map((one) => one.country)
        .filter((one) => one !== '');
      const changes = [...countries, country].filter(
        (one, index, all) => index > 0 && one !== all[index - 1],
      ).length;
      return countries.length === 0 ? NO_HISTORY : changes;
    }
    const usual = /^creditor_(card|device|network)_usual_absent$/.exec(name)?.[1];
    if (usual === undefined) return undefined;
    const other = usual === 'network' ? 'ipNetwork' : (usual as EntityKind);
    const seen = inOrder(this.#attempts.known('creditor', names.creditor ?? ''))
      .filter(({ time }) => time <= now)
      .slice(-64)
      .filter(({ time }) => time > now - 30 * DAY_MS);
    if (seen.length === 0) return NO_HISTORY;
    return names[other] === undefined
      ? seen.filter((one) => one.names[other] !== undefined).length / seen.length
      : 0;
  }
}

function inOrder<T extends { readonly time: number }>(attempts: readonly T[]): readonly T[] {
  return attempts.toSorted((left, right) => left.time - right.time);
}

function since(now: number, then: number | undefined, unitMs: number): number {
  return then === undefined ? NO_HISTORY : (now - then) / unitMs;
}

function questionOf(attempt: Attempt): Question {
  const { facts, personal } = attempt.request;
  const amount = rated(facts.amount, facts.asset);
  return { attempt, names: entityNames(attempt.request), amount, country: countryOf(personal.ip) };
}

/** The test's rates: euros are the reference, what is not euros has none. */
export function rated(amount: number, asset: string): number | undefined {
  if (asset !== 'EUR') return undefined;
  return BigInt(amount) > AMOUNT_MAX ? Number(AMOUNT_MAX) : amount;
}

/** As the stream's table of addresses has it. */
function countryOf(ip: string | undefined): string {
  if (ip === undefined) return '';
  const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number);
  return ['DE', 'FR', 'JP', ''][(((a * 256 + b) * 256 + c) * 256 + d) % 4] ?? '';
}
