/**
 * Owns one simulated world: it hands out accounts, money that comes in, signals, payments, refunds
 * and labels in the order in which they arrive, takes back what was decided, and lets customers and
 * attackers react. It knows the truth and keeps it beside each payment, never in it.
 *
 * A run is a function of parameters, seed and answers. Reactions take at least `FASTEST_REACTION_MS`
 * of world time, so `nextBatch` gives the same world for every batch size. A payment that nobody
 * answers within `ANSWER_WITHIN_MS` counts as approved: this is the open loop.
 */
import type { Attempt, Backstage, Payer, Reaction, Verdict } from './attempt.ts';
import { Calendar, DAY_MS } from './calendar.ts';
import { directCampaigns } from './campaigns/director.ts';
import type { Customer } from './customers.ts';
import { followUp } from './follow-up.ts';
import type { LabelDesk } from './follow-up.ts';
import { planFlashSales } from './life/flash-sales.ts';
import { startPaydays } from './life/paydays.ts';
import { Shopping } from './life/shopping.ts';
import { Subscriptions } from './life/subscriptions.ts';
import { makeMerchants, Market } from './merchants.ts';
import type { Merchant } from './merchants.ts';
import { Mint } from './mint.ts';
import { Outbox } from './outbox.ts';
import type { WorldParameters } from './parameters.ts';
import { Population } from './population.ts';
import { Random } from './random.ts';
import { Schedule } from './schedule.ts';
import type { Action } from './schedule.ts';
import { accountOf, renderPayment } from './seats/render-payment.ts';
import { ELSEWHERE, FASTEST_REACTION_MS } from './stage.ts';
import type { Move, Reversal, Sighting, Stage } from './stage.ts';
import type { Outcome, PaymentItem, WorldItem } from './world-item.ts';

const ANSWER_WITHIN_MS = 60_000;
/** Who is held for review learns what became of it after so long. */
const REVIEW_TAKES_MS = 20 * 60_000;
const MARKET_STREAM = 1;
const ARRIVAL_STREAM = 2;
const JOIN_STREAM = 3;
const LABEL_STREAM = 4;
const OPENING_STREAM = 6;
/** Mean time since they registered, of newcomers who did long before. */
const DORMANT_DAYS = 150;

/** Payments that arrive much later than they occurred: tills that were offline, queues that stood. */
const LATE_SHARE = 0.004;
const LATE_MEAN_MS = 40 * 60_000;

interface Waiting {
  readonly item: PaymentItem;
  readonly attempt: Attempt;
  readonly reaction: Reaction | undefined;
}

export interface World {
  readonly startsAt: number;
  /** No payment occurs from then on; labels and refunds still come. */
  readonly endsAt: number;
  /** The next item, or undefined at the end. */
  next(): WorldItem | undefined;
  /** The next items that no answer still owed can change, at most `limit`; empty at the end. */
  nextBatch(limit: number): WorldItem[];
  /**
   * What was decided on a payment. `completed` says whether the payment went through; without it,
   * it follows from the outcome and what issuer, customer or reviewer would have said.
   */
  answer(paymentId: string, outcome: Outcome, completed?: boolean): void;
}

export function createWorld(parameters: WorldParameters, seed: number): World {
  return new SimulatedWorld(parameters, seed);
}

class SimulatedWorld implements World, Stage {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly seed: number;
  readonly parameters: WorldParameters;
  readonly mint: Mint;
  readonly market: Market;
  readonly calendar: Calendar;
  private readonly schedule = new Schedule();
  private readonly outbox: Outbox;
  private readonly waiting = new Map<string, Waiting>();
  private readonly arrivals: Random;
  private readonly population: Population;
  private readonly shopping: Shopping;
  private readonly subscriptions: Subscriptions;
  private readonly labelDesk: LabelDesk;
  private openingLater: readonly Merchant[] = [];

  constructor(parameters: WorldParameters, seed: number) {
    this.parameters = parameters;
    this.seed = seed;
    this.startsAt = Date.parse(parameters.startsAt);
    this.endsAt = this.startsAt + parameters.days * DAY_MS;
    this.mint = new Mint(seed);
    this.calendar = new Calendar(this.startsAt, parameters.seasons);
    this.outbox = new Outbox(this.mint, parameters.seat, this.startsAt);
    this.arrivals = new Random(seed, ARRIVAL_STREAM);
    this.market = this.openMarket();
    this.population = this.makePopulation();
    this.shopping = new Shopping(this);
    this.subscriptions = new Subscriptions(this);
    this.labelDesk = this.makeLabelDesk();
    this.begin();
  }

  next(): WorldItem | undefined {
    return this.nextBefore(Number.POSITIVE_INFINITY);
  }

  nextBatch(limit: number): WorldItem[] {
    const batch: WorldItem[] = [];
    let barrier = Number.POSITIVE_INFINITY;
    while (batch.length < limit) {
      const item = this.nextBefore(barrier);
      if (item === undefined) break;
      batch.push(item);
      if (item.kind === 'payment') barrier = Math.min(barrier, item.at + FASTEST_REACTION_MS);
    }
    return batch;
  }

  answer(paymentId: string, outcome: Outcome, completed?: boolean): void {
    const waiting = this.waiting.get(paymentId);
    if (waiting === undefined) return;
    this.waiting.delete(paymentId);
    const { item, attempt, reaction } = waiting;
    const verdict = verdictOf(item, outcome, completed);
    const { purse } = attempt.payer;
    if (verdict.completed && purse.limit !== null) purse.owed += attempt.amount;
    followUp(this.labelDesk, { item, attempt, outcome, verdict });
    const told = item.at + (outcome === 'review' ? REVIEW_TAKES_MS : FASTEST_REACTION_MS);
    if (reaction !== undefined) this.at(told, (now) => reaction(verdict, now));
  }

  get customers(): readonly Customer[] {
    return this.population.residents;
  }

  at = (time: number, action: Action): void => {
    if (time < this.endsAt) this.schedule.push(time, action);
  };

  pay = (attempt: Attempt, now: number, reaction?: Reaction): void => {
    const late = this.arrivals.chance(LATE_SHARE);
    const delay = late ? this.arrivals.exponential(LATE_MEAN_MS) : 60 + this.arrivals.exponential(180);
    const item = this.itemOf(attempt, now, Math.floor(now + delay));
    if (late) this.schedule.push(item.at, () => this.deliver(item, attempt, reaction));
    else this.deliver(item, attempt, reaction);
  };

  signal = (sighting: Sighting, now: number): void => this.outbox.addSignal(sighting, now);

  transfer = (move: Move, now: number): void => this.outbox.addTransfer(move, now);

  reverse = (reversal: Reversal, at: number): void => {
    this.schedule.push(at, (now) => this.outbox.addReversal(reversal, now));
  };

  makeNewcomer = (now: number, key: number): Customer => this.population.makeNewcomer(now, key);

  openAccount = (payer: Payer, now: number): void => {
    if (this.parameters.seat !== 'shop') this.outbox.addAccount(payer.account, payer.purse.limit, now);
  };

  openShop = (merchant: Merchant, now: number): void => this.outbox.addAccount(merchant.account, 0, now);

  live = (customer: Customer, now: number): void => {
    this.shopping.start(customer, now);
    this.subscriptions.start(customer, now);
    startPaydays(this, customer, now);
  };

  private openMarket(): Market {
    const { merchants, people } = this.parameters;
    const maker = { mint: this.mint, random: new Random(this.seed, MARKET_STREAM) };
    const all = makeMerchants(merchants, people.countries, maker);
    const random = new Random(this.seed, OPENING_STREAM);
    const later = merchants.openingShareOfDay * this.parameters.days;
    const isOpen = all.map(() => !random.chance(later));
    this.openingLater = all.filter((_, place) => !isOpen[place]);
    return new Market(
      all.filter((_, place) => isOpen[place]),
      people.countries.map(([code]) => code),
    );
  }

  private makePopulation(): Population {
    const { mint, market, seed, startsAt, parameters } = this;
    return new Population({
      mint,
      market,
      seed,
      startsAt,
      people: parameters.people,
      deviceMix: parameters.devices,
    });
  }

  private makeLabelDesk(): LabelDesk {
    return {
      parameters: this.parameters.labels,
      random: new Random(this.seed, LABEL_STREAM),
      publish: (label, at) => this.schedule.push(Math.floor(at), (now) => this.outbox.addLabel(label, now)),
      reverse: this.reverse,
      later: (at, action) => this.schedule.push(Math.floor(at), action),
    };
  }

  private begin(): void {
    this.outbox.addAccount(ELSEWHERE, null, this.startsAt);
    for (const merchant of this.market.all) this.openShop(merchant, this.startsAt);
    this.openShopsLater();
    for (let count = 0; count < this.parameters.people.count; count += 1) {
      const customer = this.population.addResident();
      this.openAccount(customer, this.startsAt);
      this.live(customer, this.startsAt);
    }
    this.welcomeNewcomers();
    planFlashSales(this, this.shopping);
    directCampaigns(this);
  }

  /** Honest shops that are new: without a past, and some of them busy at once. */
  private openShopsLater(): void {
    const random = new Random(this.seed, OPENING_STREAM, 1);
    for (const merchant of this.openingLater) {
      this.at(Math.floor(random.between(this.startsAt, this.endsAt)), (now) => {
        this.openShop(merchant, now);
        this.market.open(merchant);
      });
    }
  }

  /** Each newcomer pays at once, and then whenever it suits them. */
  private welcomeNewcomers(): void {
    const random = new Random(this.seed, JOIN_STREAM);
    const meanGapMs = DAY_MS / (this.parameters.people.count * this.parameters.people.joinShareOfDay);
    const pace = { rhythm: 'evening', utcOffsetHours: 1, meanGapMs, salaryDay: 1 } as const;
    const welcome = (now: number): void => {
      const customer = this.newcomerOf(this.makeNewcomer(now, random.uint32()), random, now);
      this.population.residents.push(customer);
      this.openAccount(customer, now);
      this.shopping.act(customer, now);
      this.live(customer, now);
      this.at(this.calendar.nextAfter(now, pace, random), welcome);
    };
    this.at(this.calendar.nextAfter(this.startsAt, pace, random), welcome);
  }

  /** Some registered long ago and come to pay only now. */
  private newcomerOf(customer: Customer, random: Random, now: number): Customer {
    if (!random.chance(this.parameters.people.dormantShare)) return customer;
    return { ...customer, createdAt: Math.floor(now - random.exponential(DORMANT_DAYS) * DAY_MS) };
  }

  private itemOf(attempt: Attempt, occurredAt: number, at: number): PaymentItem {
    const { seat, labels } = this.parameters;
    const passes = attempt.story.fraud ? labels.reviewerMissesShare : 1 - labels.reviewerInsultsShare;
    const backstage: Backstage = {
      issuer: seat === 'bank' ? { approved: true, code: '00' } : attempt.issuer,
      challengePasses: attempt.challengePasses,
      reviewApproves: this.arrivals.chance(passes),
    };
    const body = renderPayment(seat, attempt, { id: this.mint.next('pay_'), occurredAt });
    return { kind: 'payment', at, body, truth: { ...attempt.story, seat }, backstage };
  }

  private deliver(item: PaymentItem, attempt: Attempt, reaction: Reaction | undefined): void {
    this.openCardAccount(attempt, item.at);
    const at = this.outbox.add(item);
    this.waiting.set(item.body.id, { item: { ...item, at }, attempt, reaction });
  }

  /** A shop behind a provider knows its guests by their cards, one account for each. */
  private openCardAccount({ card, payer }: Attempt, at: number): void {
    if (this.parameters.seat !== 'shop' || card === null || card.seen) return;
    card.seen = true;
    this.outbox.addAccount(accountOf('shop', { card, payer }), null, at);
  }

  /** The next item, as far as it follows from alarms that go off before `barrier`. */
  private nextBefore(barrier: number): WorldItem | undefined {
    while (!this.outbox.hasItems() && this.schedule.nextTime() < barrier) {
      if (!this.presumeApproval()) this.schedule.runNext();
    }
    return this.outbox.take();
  }

  /** Whether a payment had to be taken as approved because nobody answered in time. */
  private presumeApproval(): boolean {
    const [oldest] = this.waiting;
    if (oldest === undefined) return false;
    const [id, { item }] = oldest;
    if (item.at + ANSWER_WITHIN_MS >= this.schedule.nextTime()) return false;
    this.answer(id, 'approve');
    return true;
  }
}

function verdictOf(item: PaymentItem, outcome: Outcome, completed: boolean | undefined): Verdict {
  const paymentId = item.body.id;
  const stoppedBy = stopperOf(outcome, item.backstage);
  if (completed === undefined) return { paymentId, completed: stoppedBy === null, stoppedBy };
  return { paymentId, completed, stoppedBy: completed ? null : (stoppedBy ?? 'policy') };
}

function stopperOf(outcome: Outcome, backstage: Backstage): Verdict['stoppedBy'] {
  if (outcome === 'deny') return 'policy';
  if (outcome === 'challenge' && !backstage.challengePasses) return 'challenge';
  if (outcome === 'review' && !backstage.reviewApproves) return 'reviewer';
  return backstage.issuer.approved ? null : 'issuer';
}
