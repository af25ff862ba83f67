/** Outcome and trust features by brute force over the list of all outcomes, apart from the code under test. */
import type { EntityKind } from '#src/domain/entity.ts';
import { NO_HISTORY } from '#src/domain/feature-value.ts';
import { entityNames } from '#test/support/oracle/entity-names.ts';
import type { EntityNames } from '#test/support/oracle/entity-names.ts';
import type { PaymentOutcome } from '#src/ports/feature-stage.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';

export interface KnownOutcome {
  readonly kind: PaymentOutcome['kind'];
  /** Undefined: a label on an entity. */
  readonly paymentId: string | undefined;
  readonly shardTime: number;
  readonly featureTime: number;
  readonly names: EntityNames;
  readonly amount: number | undefined;
  readonly zone: string;
  readonly country: string;
}

const DAY_MS = 86_400_000;
const DELAY_MS = 60_000;
const TOLD: Readonly<Record<string, readonly string[]>> = {
  posted: ['account', 'creditor', 'card', 'device', 'email'],
  denied: ['account', 'card', 'device', 'ip', 'email'],
  rejected: ['account', 'card', 'device', 'ip', 'email'],
  authorization_declined: ['account', 'card', 'device', 'ip', 'merchant', 'bin'],
  reversed: ['account', 'creditor', 'card', 'device'],
  fraud_label: ['account', 'creditor', 'card', 'device', 'ip', 'ipNetwork', 'merchant', 'email', 'bin'],
};
const METRIC_KINDS: Readonly<Record<string, readonly string[]>> = {
  denials: ['denied', 'rejected'],
  issuer_declines: ['authorization_declined'],
  reversals: ['reversed'],
  fraud_labels: ['fraud_label'],
};

export class OutcomeOracle {
  readonly #told = new Map<string, KnownOutcome[]>();
  readonly #isSaturated: (kind: EntityKind, name: string) => boolean;

  constructor(isSaturated: (kind: EntityKind, name: string) => boolean) {
    this.#isSaturated = isSaturated;
  }

  add(
    outcome: PaymentOutcome,
    request: PaymentRequest,
    known: Pick<KnownOutcome, 'amount' | 'country'>,
  ): void {
    const { kind, paymentId, shardTime, featureTime } = outcome;
    const zone = request.personal.device?.timezone ?? '';
    this.#tell({ kind, paymentId, shardTime, featureTime, names: entityNames(request), zone, ...known });
  }

  addCardLabel(card: string, shardTime: number): void {
    const names = { card };
    const nothing = { amount: undefined, zone: '', country: '' };
    this.#tell({
      kind: 'fraud_label',
      paymentId: undefined,
      shardTime,
      featureTime: shardTime,
      names,
      ...nothing,
    });
  }

  /** All that were told to an entity, a label on one payment once in 31 days. */
  told(kind: EntityKind, name: string): readonly KnownOutcome[] {
    return this.#told.get(`${kind} ${name}`) ?? [];
  }

  #tell(outcome: KnownOutcome): void {
    for (const kind of TOLD[outcome.kind] ?? []) {
      const name = outcome.names[kind as EntityKind];
      if (name === undefined) continue;
      const told = this.told(kind as EntityKind, name);
      if (!told.some((earlier) => isRepeatedLabel(outcome, earlier)))
        this.#told.set(`${kind} ${name}`, [...told, outcome]);
    }
  }

  visible(
    kind: EntityKind,
    name: string,
    { windowMs, shardTime }: { windowMs: number; shardTime: number },
  ): readonly KnownOutcome[] {
    return this.told(kind, name).filter(
      (outcome) => outcome.shardTime <= shardTime - DELAY_MS && outcome.shardTime > shardTime - windowMs,
    );
  }

  /** What the sums of a window take: of a saturated entity, tiles of which all has been a minute ago. */
  #summed(
    kind: EntityKind,
    name: string,
    window: { windowMs: number; shardTime: number },
  ): readonly KnownOutcome[] {
    const { windowMs, shardTime } = window;
    if (windowMs === Infinity || !this.#isSaturated(kind, name)) return this.visible(kind, name, window);
    const tile = windowMs / 60;
    const from = Math.floor((shardTime - windowMs) / tile);
    const to = Math.floor((shardTime - DELAY_MS) / tile) - 1;
    return this.told(kind, name).filter((outcome) => {
      const number = Math.floor(outcome.shardTime / tile);
      return number >= from && number <= to;
    });
  }

  count(
    kind: EntityKind,
    name: string,
    window: { metric: string; windowMs: number; shardTime: number },
  ): number {
    const kinds = METRIC_KINDS[window.metric] ?? [];
    return this.#summed(kind, name, window).filter((outcome) => kinds.includes(outcome.kind)).length;
  }

  sum(kind: EntityKind, name: string, window: { of: string; windowMs: number; shardTime: number }): number {
    return this.#summed(kind, name, window)
      .filter((outcome) => outcome.kind === window.of)
      .reduce((total, { amount }) => total + (amount ?? 0), 0);
  }

  /** Shard time of the last outcome of a kind; undefined: none. */
  last(
    kind: EntityKind,
    name: string,
    window: { of: string; windowMs: number; shardTime: number },
  ): number | undefined {
    return this.visible(kind, name, window).findLast((outcome) => outcome.kind === window.of)?.shardTime;
  }

  /** Posted a day ago or earlier, without those whose label is a minute old. */
  trusted(kind: EntityKind, name: string, shardTime: number): readonly KnownOutcome[] {
    const told = this.told(kind, name);
    const labelled = told.filter(
      (one) => one.kind === 'fraud_label' && one.shardTime <= shardTime - DELAY_MS,
    );
    return told.filter(
      (one) =>
        one.kind === 'posted' &&
        one.shardTime <= shardTime - DAY_MS &&
        !labelled.some(({ paymentId }) => paymentId === one.paymentId),
    );
  }

  /** The features of tenure; a label on a payment made more than 30 days before is taken to be on a posted one. */
  tenure(
    kind: EntityKind,
    name: string,
    { metric, shardTime }: { metric: string; shardTime: number },
  ): number {
    const told = this.told(kind, name);
    const aged = told.filter((one) => one.kind === 'posted' && one.shardTime <= shardTime - DAY_MS);
    const withdrawals = this.#withdrawals(told, shardTime);
    const count = aged.length - withdrawals.length;
    if (count <= 0) return NO_HISTORY;
    if (metric === 'posted') return count;
    if (metric === 'first_posted') return (shardTime - (aged[0]?.shardTime ?? 0)) / DAY_MS;
    if (metric === 'last_posted') return (shardTime - (aged.at(-1)?.shardTime ?? 0)) / DAY_MS;
    const isOld = (time: number): boolean =>
      (weekOf(time) + 1) * 7 * DAY_MS + 3 * DAY_MS <= shardTime - 60 * DAY_MS;
    const agedLabels = withdrawals.filter((one) => one.shardTime <= shardTime - DAY_MS);
    return (
      aged.filter(({ featureTime }) => isOld(featureTime)).length -
      agedLabels.filter(({ featureTime }) => isOld(featureTime)).length
    );
  }

  /** Labels in sight on postings that have aged. */
  #withdrawals(told: readonly KnownOutcome[], shardTime: number): readonly KnownOutcome[] {
    return told.filter((label, index) => {
      if (
        label.kind !== 'fraud_label' ||
        label.paymentId === undefined ||
        label.shardTime > shardTime - DELAY_MS
      )
        return false;
      const posting = told
        .slice(0, index)
        .find((one) => one.kind === 'posted' && one.paymentId === label.paymentId);
      if (label.featureTime < label.shardTime - 30 * DAY_MS) return true;
      return posting !== undefined && posting.shardTime <= shardTime - DAY_MS;
    });
  }
}

function isRepeatedLabel(outcome: KnownOutcome, earlier: KnownOutcome): boolean {
  return (
    outcome.kind === 'fraud_label' &&
    earlier.kind === 'fraud_label' &&
    outcome.paymentId !== undefined &&
    earlier.paymentId === outcome.paymentId &&
    earlier.shardTime > outcome.shardTime - 31 * DAY_MS
  );
}

/** Weeks from Sunday, UTC; 4 January 1970 was the first. */
function weekOf(time: number): number {
  return Math.floor((time - 3 * DAY_MS) / (7 * DAY_MS));
}
