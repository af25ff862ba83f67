/** A seeded stream of attempts and what becomes of them, as a shard would tell them to the features. */
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import type { Attempt, EntityLabel, PaymentOutcome, SignalFact } from '#src/ports/feature-stage.ts';
import { seededRandom } from '#test/support/seeded-random.ts';

export type FeatureItem =
  | { readonly type: 'attempt'; readonly attempt: Attempt }
  | { readonly type: 'outcome'; readonly outcome: PaymentOutcome; readonly request: PaymentRequest }
  | { readonly type: 'signal'; readonly signal: SignalFact; readonly account: string }
  | { readonly type: 'label'; readonly label: EntityLabel; readonly card: string };

export interface FeatureStreamSettings {
  readonly seed: number;
  readonly payments: number;
  readonly days: number;
  readonly accounts: number;
  readonly merchants: number;
  /** Share of the payments that go to the first merchant. */
  readonly hotShare?: number;
  /** Before the number in each payment's id, so that several streams are of different payments. */
  readonly idPrefix?: string;
}

const START_MS = Date.UTC(2026, 0, 5, 7);
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const ZONES = ['Europe/Berlin', 'Europe/Paris', 'Asia/Tokyo'];
const OUTCOMES: readonly PaymentOutcome['kind'][] = [
  'posted',
  'posted',
  'posted',
  'denied',
  'rejected',
  'authorization_declined',
];

const keyer = createEntityKeyer({
  key: new Uint8Array(16).fill(7),
  ipTable: {
    name: 'test',
    version: '1',
    digest: '',
    originOf: ({ words }) => ({
      country: ['DE', 'FR', 'JP', undefined][(words[0] ?? 0) % 4],
      autonomousSystem: 1,
    }),
  },
});

interface Pending {
  readonly dueAt: number;
  readonly item: FeatureItem;
}

/** Items in log order; shard time never decreases. */
export function* featureStream(settings: FeatureStreamSettings): Generator<FeatureItem> {
  const random = seededRandom(settings.seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pending: Pending[] = [];
  const stepMs = (settings.days * DAY_MS) / settings.payments;
  let now = START_MS;
  let newest = 0;
  let burst = 0;
  let customer = 0;
  for (let number = 0; number < settings.payments; number++) {
    if (burst > 0) now += below(3) * 10_000;
    else now += Math.round(random() * 2 * stepMs);
    if (burst > 0) burst--;
    else {
      customer = below(settings.accounts);
      if (random() < 0.05) burst = below(9);
    }
    for (const { item } of takeDue(pending, now)) yield item;
    const isLate = random() < 0.08;
    const occurredAt = Math.floor((now - (isLate ? random() * 30 * 3_600_000 : 0)) / 1000) * 1000;
    const featureTime = Math.max(occurredAt, newest - DAY_MS);
    newest = Math.max(newest, featureTime);
    const request = requestOf({ number, customer, below, random }, { ...settings, occurredAt });
    const entityKeys = keyer.ofPayment(request);
    yield { type: 'attempt', attempt: { request, entityKeys, featureTime, receivedAt: now, shardTime: now } };
    plan(pending, { request, number, entityKeys, featureTime, now, random, below });
  }
}

function takeDue(pending: Pending[], now: number): readonly Pending[] {
  const due = pending.filter(({ dueAt }) => dueAt <= now).toSorted((left, right) => left.dueAt - right.dueAt);
  const rest = pending.filter(({ dueAt }) => dueAt > now);
  pending.splice(0, pending.length, ...rest);
  return due;
}

interface Draw {
  readonly number: number;
  readonly customer: number;
  readonly below: (limit: number) => number;
  readonly random: () => number;
}

function requestOf(
  { number, customer, below, random }: Draw,
  {
    accounts,
    merchants,
    hotShare = 0,
    idPrefix = 'pay_',
    occurredAt,
  }: FeatureStreamSettings & { readonly occurredAt: number },
): PaymentRequest {
  const stranger = below(accounts);
  const who = random() < 0.85 ? customer : stranger;
  const merchant = random() < hotShare ? 0 : below(merchants);
  const isTransfer = random() < 0.1;
  const amount = random() < 0.01 ? 5_000_000_000 + below(1000) : 100 + below(20_000);
  return {
    facts: {
      id: `${idPrefix}${number}`,
      occurredAt,
      amount,
      asset: random() < 0.02 ? 'XXX' : 'EUR',
      debtor: `customer:${customer}`,
      creditor: isTransfer
        ? `customer:${(customer + 1 + stranger) % (accounts + 1)}`
        : `merchant:${merchant % 3}`,
      capture: 'automatic',
      ...(isTransfer ? {} : { merchant: { id: `m_${merchant}` }, card: { bin: `4000${who % 5}` } }),
    },
    personal: {
      ...(isTransfer ? {} : { cardId: `c_${who}_${below(2)}` }),
      ...(random() < 0.9 ? { device: { id: `d_${who}`, timezone: ZONES[who % 3] ?? '' } } : {}),
      ...(random() < 0.9 ? { ip: `198.51.${who % 3}.${who % 200}` } : {}),
      ...(random() < 0.5 ? { emailHash: `e_${who}` } : {}),
    },
  };
}

interface Planned {
  /** Of the payment; nothing else happens to it twice in one way. */
  readonly number: number;
  readonly request: PaymentRequest;
  readonly entityKeys: Uint8Array;
  readonly featureTime: number;
  readonly now: number;
  readonly random: () => number;
  readonly below: (limit: number) => number;
}

/** Most outcomes come at once, labels after days, some of them taken back; signals and labels on cards now and then. */
function plan(
  pending: Pending[],
  { request, number, entityKeys, featureTime, now, random, below }: Planned,
): void {
  const tell = (kind: PaymentOutcome['kind'], dueAt: number): void => {
    const { id: paymentId, amount, asset } = request.facts;
    const outcome = {
      origin: number,
      kind,
      paymentId,
      entityKeys,
      featureTime,
      shardTime: dueAt,
      amount,
      asset,
    };
    pending.push({ dueAt, item: { type: 'outcome', outcome, request } });
  };
  const kind = OUTCOMES[below(OUTCOMES.length)] ?? 'posted';
  tell(kind, now + below(3) * 20_000);
  if (random() < 0.05) tell('reversed', now + MINUTE_MS + below(10 * DAY_MS));
  if (random() < 0.04) {
    const labelledAt = now + MINUTE_MS + below(random() < 0.5 ? 2 * DAY_MS : 70 * DAY_MS);
    tell('fraud_label', labelledAt);
    const takenBackAt = labelledAt + below(random() < 0.5 ? 2 * DAY_MS : 50 * DAY_MS);
    const isTakenBack = random() < 0.5;
    if (isTakenBack) tell('legitimate_label', takenBackAt);
    if (isTakenBack && random() < 0.2) tell('fraud_label', takenBackAt + below(DAY_MS));
  }
  const account = request.facts.debtor;
  if (random() < 0.05) {
    const kinds = ['password_changed', 'login', 'unheard_of'];
    const dueAt = now + below(DAY_MS);
    const signal = {
      origin: number,
      kind: kinds[below(3)] ?? '',
      entityKeys: keyer.ofSignal({ account }),
      occurredAt: dueAt,
      shardTime: dueAt,
    };
    pending.push({ dueAt, item: { type: 'signal', signal, account } });
  }
  const { cardId } = request.personal;
  if (cardId !== undefined && random() < 0.01) {
    const labelCard = (isFraud: boolean, dueAt: number): void => {
      const entityKeys = keyer.ofEntity('card', cardId);
      const label = { origin: number, entityKeys, isFraud, shardTime: dueAt };
      pending.push({ dueAt, item: { type: 'label', label, card: cardId } });
    };
    const labelledAt = now + below(2 * DAY_MS);
    labelCard(true, labelledAt);
    if (random() < 0.5) labelCard(false, labelledAt + below(3 * DAY_MS));
  }
}
