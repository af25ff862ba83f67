/** Outcome and trust features by brute force over the list of all outcomes, apart from the code under test. */
import type { EntityKind } from '#src/domain/entity.ts';
import { NO_HISTORY } from '#src/domain/feature-value.ts';
import { entityNames } from '#test/support/oracle/entity-names.ts';
import type { EntityNames } from '#test/support/oracle/entity-names.ts';
import type { EntityLabel, PaymentOutcome } from '#src/ports/feature-stage.ts';
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

export interface TrustStep {
  readonly step: 'posted' | 'taken' | 'given';
  readonly outcome: KnownOutcome;
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
  legitimate_label: ['account', 'creditor', 'card', 'device', 'ip', 'ipNetwork', 'merchant', 'email', 'bin'],
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

  addCardLabel(card: string, { isFraud, shardTime }: Pick<EntityLabel, 'isFraud' | 'shardTime'>): void {
    const names = { card };
    const nothing = { amount: undefined, zone: '', country: '' };
    this.#tell({
      kind: isFraud ? 'fraud_label' : 'legitimate_label',
      paymentId: undefined,
      shardTime,
      featureTime: shardTime,
      names,
      ...nothing,
    });
  }

  /** All that were told to an entity. */
  told(kind: EntityKind, name: string): readonly KnownOutcome[] {
    return this.#told.get(`${kind} ${name}`) ?? [];
  }

  #tell(outcome: KnownOutcome): void {
    for (const kind of TOLD[outcome.kind] ?? []) {
      const name = outcome.names[kind as EntityKind];
      if (name === undefined) continue;
      this.#told.set(`${kind} ${name}`, [...this.told(kind as EntityKind, name), outcome]);
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
    const summed = this.#summed(kind, name, window);
    const counted = summed.filter((outcome) => kinds.includes(outcome.kind));
    if (window.metric !== 'fraud_labels') return counted.length;
    if (window.windowMs === Infinity || !this.#isSaturated(kind, name))
      return counted.filter((one) => stands(this.told(kind, name), one, window.shardTime)).length;
    const takenBack = summed.filter((one) => one.kind === 'legitimate_label' && one.paymentId !== undefined);
    return Math.max(0, counted.length - takenBack.length);
  }

  /** When the last label came that stands; where all that do are older than 30 days, the last that is a day old. */
  lastLabelAt(kind: EntityKind, name: string, shardTime: number): number | undefined {
    const told = this.told(kind, name);
    const standing = told.filter(
      (one) =>
        one.kind === 'fraud_label' && one.shardTime <= shardTime - DELAY_MS && stands(told, one, shardTime),
    );
    const inSight = standing.filter((one) => one.shardTime > shardTime - 30 * DAY_MS);
    if (inSight.length > 0 || standing.length === 0) return inSight.at(-1)?.shardTime;
    return told.findLast((one) => one.kind === 'fraud_label' && one.shardTime <= shardTime - DAY_MS)
      ?.shardTime;
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

  labelStands(
    kind: EntityKind,
    name: string,
    { label, shardTime }: { label: KnownOutcome; shardTime: number },
  ): boolean {
    return stands(this.told(kind, name), label, shardTime);
  }

  /** Posted a day ago or earlier, without those whose label is a minute old. */
  trusted(kind: EntityKind, name: string, shardTime: number): readonly KnownOutcome[] {
    const told = this.told(kind, name);
    const labelled = told.filter(
      (one) =>
        one.kind === 'fraud_label' && one.shardTime <= shardTime - DELAY_MS && stands(told, one, shardTime),
    );
    return told.filter(
      (one) =>
        one.kind === 'posted' &&
        one.shardTime <= shardTime - DAY_MS &&
        !labelled.some(({ paymentId }) => paymentId === one.paymentId),
    );
  }

  /** The features of tenure. */
  tenure(
    kind: EntityKind,
    name: string,
    { metric, shardTime }: { metric: string; shardTime: number },
  ): number {
    const told = this.told(kind, name);
    const aged = told.filter((one) => one.kind === 'posted' && one.shardTime <= shardTime - DAY_MS);
    const steps = this.trustSteps(kind, name, shardTime);
    const taken = steps.filter(({ step }) => step === 'taken');
    const given = steps.filter(({ step }) => step === 'given');
    const withdrawn = taken.length - given.length + this.#freshlyTaken(told, shardTime);
    const count = aged.length - Math.max(0, withdrawn);
    if (count <= 0) return NO_HISTORY;
    if (metric === 'posted') return count;
    if (metric === 'first_posted') return (shardTime - (aged[0]?.shardTime ?? 0)) / DAY_MS;
    if (metric === 'last_posted') return (shardTime - (aged.at(-1)?.shardTime ?? 0)) / DAY_MS;
    const isOld = (time: number): boolean =>
      (weekOf(time) + 1) * 7 * DAY_MS + 3 * DAY_MS <= shardTime - 60 * DAY_MS;
    const old = (outcomes: readonly KnownOutcome[]): number =>
      outcomes.filter(({ featureTime }) => isOld(featureTime)).length;
    return old(aged) - old(taken.map((one) => one.outcome)) + old(given.map((one) => one.outcome));
  }

  /** What built trust, took it and gave it back, of what is a day old. Nothing is given back that was not taken. */
  trustSteps(kind: EntityKind, name: string, shardTime: number): readonly TrustStep[] {
    const told = this.told(kind, name);
    const steps: TrustStep[] = [];
    let taken = 0;
    for (const outcome of told.filter((one) => one.shardTime <= shardTime - DAY_MS)) {
      if (outcome.kind === 'posted') steps.push({ step: 'posted', outcome });
      if (outcome.kind === 'fraud_label' && isOnPosted(told, outcome)) {
        taken++;
        steps.push({ step: 'taken', outcome });
      }
      if (outcome.kind === 'legitimate_label' && taken > 0 && tookTrust(told, outcome)) {
        taken--;
        steps.push({ step: 'given', outcome });
      }
    }
    return steps;
  }

  /** What labels of the last day took from aged postings, less what was given back of older ones. */
  #freshlyTaken(told: readonly KnownOutcome[], shardTime: number): number {
    const isFresh = (one: KnownOutcome): boolean =>
      one.shardTime <= shardTime - DELAY_MS && one.shardTime > shardTime - DAY_MS;
    const labels = told.filter(
      (one) =>
        one.kind === 'fraud_label' && isFresh(one) && stands(told, one, shardTime) && isOnPosted(told, one),
    );
    const ofAged = labels.filter(({ paymentId, featureTime, shardTime: labelledAt }) => {
      const posting = told.find((one) => one.kind === 'posted' && one.paymentId === paymentId);
      return featureTime < labelledAt - 30 * DAY_MS || (posting?.shardTime ?? 0) <= shardTime - DAY_MS;
    });
    const givenBack = told.filter((one) => {
      if (one.kind !== 'legitimate_label' || !isFresh(one) || !tookTrust(told, one)) return false;
      return (labelTakenBack(told, one)?.shardTime ?? 0) <= shardTime - DAY_MS;
    });
    return ofAged.length - givenBack.length;
  }
}

/** The label of fraud that one of `told` takes back: the last one on the same payment before it. */
function labelTakenBack(told: readonly KnownOutcome[], cleared: KnownOutcome): KnownOutcome | undefined {
  return told
    .slice(0, told.indexOf(cleared))
    .findLast((one) => one.kind === 'fraud_label' && one.paymentId === cleared.paymentId);
}

/** Whether nothing that is a minute old takes the label back. */
function stands(told: readonly KnownOutcome[], label: KnownOutcome, shardTime: number): boolean {
  return !told
    .slice(told.indexOf(label))
    .some(
      (one) =>
        one.kind === 'legitimate_label' &&
        one.paymentId === label.paymentId &&
        one.shardTime <= shardTime - DELAY_MS,
    );
}

/** A label on a payment made more than 30 days before is taken to be on a posted one. */
function isOnPosted(told: readonly KnownOutcome[], label: KnownOutcome): boolean {
  if (label.paymentId === undefined) return false;
  if (label.featureTime < label.shardTime - 30 * DAY_MS) return true;
  return told
    .slice(0, told.indexOf(label))
    .some((one) => one.kind === 'posted' && one.paymentId === label.paymentId);
}

/** A label that is taken back after 31 days or more is taken to have been on a posted payment. */
function tookTrust(told: readonly KnownOutcome[], cleared: KnownOutcome): boolean {
  if (cleared.paymentId === undefined) return false;
  const label = labelTakenBack(told, cleared);
  const isKnown = label !== undefined && label.shardTime > cleared.shardTime - 31 * DAY_MS;
  return !isKnown || isOnPosted(told, label);
}

/** Weeks from Sunday, UTC; 4 January 1970 was the first. */
function weekOf(time: number): number {
  return Math.floor((time - 3 * DAY_MS) / (7 * DAY_MS));
}
