/**
 * Owns one simulated world: it hands out accounts, signals and payments in the order in which they
 * arrive, takes back what was decided, and lets customers and attackers react. It knows the truth and
 * keeps it beside each payment, never in it.
 *
 * A run is a function of parameters, seed and answers. Reactions take at least `FASTEST_REACTION_MS`
 * of world time, so `nextBatch` gives the same world for every batch size. A payment that nobody
 * answers within `ANSWER_WITHIN_MS` counts as approved: this is the open loop.
 */
import type { Attempt, Backstage, Reaction, Verdict } from './attempt.ts';
import { Calendar, DAY_MS } from './calendar.ts';
import { directCampaigns } from './campaigns/director.ts';
import { makeCustomer } from './customers.ts';
import type { Customer } from './customers.ts';
import { Mint } from './mint.ts';
import { makeMerchants, Market } from './merchants.ts';
import type { WorldParameters } from './parameters.ts';
import { Random } from './random.ts';
import type { Action } from './schedule.ts';
import { Schedule } from './schedule.ts';
import { renderForWallet } from './seats/wallet.ts';
import { Shopping } from './shopping.ts';
import { FASTEST_REACTION_MS } from './stage.ts';
import type { Sighting, Stage } from './stage.ts';
import type { Outcome, PaymentItem, WorldItem } from './world-item.ts';

const ANSWER_WITHIN_MS = 60_000;
const POPULATION_STREAM = 1;
const ARRIVAL_STREAM = 2;
const JOIN_STREAM = 3;

/** Payments that arrive much later than they occurred: tills that were offline, queues that stood. */
const LATE_SHARE = 0.004;
/** Reviewers let some fraud pass and stop some honest payments; studies of manual review report such rates. */
const REVIEWER_MISSES_SHARE = 0.22;
const REVIEWER_INSULTS_SHARE = 0.07;

interface Waiting {
  readonly at: number;
  readonly backstage: Backstage;
  readonly reaction: Reaction | undefined;
}

export interface World {
  readonly startsAt: number;
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
  readonly customers: Customer[] = [];
  private readonly schedule = new Schedule();
  private ready: WorldItem[] = [];
  private handedOut = 0;
  private readonly waiting = new Map<string, Waiting>();
  private readonly arrivals: Random;
  private readonly shopping: Shopping;
  private peopleMade = 0;
  private lastAt: number;

  constructor(parameters: WorldParameters, seed: number) {
    this.parameters = parameters;
    this.seed = seed;
    this.startsAt = Date.parse(parameters.startsAt);
    this.endsAt = this.startsAt + parameters.days * DAY_MS;
    this.lastAt = this.startsAt;
    this.mint = new Mint(seed);
    this.calendar = new Calendar(this.startsAt, parameters.seasons);
    this.arrivals = new Random(seed, ARRIVAL_STREAM);
    this.market = this.openMarket();
    this.shopping = new Shopping(this);
    this.settle();
    this.welcomeNewcomers();
    directCampaigns(this);
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
    const { reaction } = waiting;
    if (reaction === undefined) return;
    const verdict = verdictOf(outcome, waiting.backstage, completed);
    this.at(waiting.at + FASTEST_REACTION_MS, (now) => reaction(verdict, now));
  }

  at = (time: number, action: Action): void => {
    if (time < this.endsAt) this.schedule.push(time, action);
  };

  pay = (attempt: Attempt, now: number, reaction?: Reaction): void => {
    const late = this.arrivals.chance(LATE_SHARE);
    const delay = late ? this.arrivals.exponential(40 * 60_000) : 60 + this.arrivals.exponential(180);
    const item = this.itemOf(attempt, now, Math.floor(now + delay));
    if (late) this.at(item.at, () => this.deliver(item, reaction));
    else this.deliver(item, reaction);
  };

  signal = (sighting: Sighting, now: number): void => {
    const { device, ip } = sighting;
    this.ready.push({
      kind: 'signal',
      at: this.advance(now),
      body: {
        id: this.mint.next('sig_'),
        type: sighting.type,
        occurredAt: new Date(now).toISOString(),
        account: sighting.account,
        ...(device && { device: device.id }),
        ...(ip !== null && { ip }),
      },
    });
  };

  makeNewcomer = (now: number): Customer => {
    const customer = this.addPerson(now);
    this.openAccount(customer.account, 'allowed', now);
    return customer;
  };

  /** The next item, as far as it follows from alarms that go off before `barrier`. */
  private nextBefore(barrier: number): WorldItem | undefined {
    while (!this.hasReady() && this.schedule.nextTime() < barrier) {
      if (!this.presumeApproval()) this.schedule.runNext();
    }
    if (!this.hasReady()) return undefined;
    const item = this.ready[this.handedOut];
    this.handedOut += 1;
    return item;
  }

  private hasReady(): boolean {
    if (this.handedOut < this.ready.length) return true;
    if (this.handedOut > 0) this.ready = [];
    this.handedOut = 0;
    return false;
  }

  private openMarket(): Market {
    const { merchants, people } = this.parameters;
    const maker = { mint: this.mint, random: new Random(this.seed, POPULATION_STREAM) };
    const all = makeMerchants(merchants, people.countries, maker);
    for (const merchant of all) this.openAccount(merchant.account, 'forbidden', this.startsAt);
    return new Market(
      all,
      people.countries.map(([code]) => code),
    );
  }

  private settle(): void {
    for (let index = 0; index < this.parameters.people.count; index += 1) {
      const customer = this.addPerson(null);
      this.customers.push(customer);
      this.openAccount(customer.account, 'allowed', this.startsAt);
      this.shopping.start(customer, this.startsAt);
    }
  }

  /** Each newcomer buys at once, and then whenever it suits them. */
  private welcomeNewcomers(): void {
    const random = new Random(this.seed, JOIN_STREAM);
    const meanGapMs = DAY_MS / (this.parameters.people.count * this.parameters.people.joinShareOfDay);
    const pace = { rhythm: 'evening', utcOffsetHours: 1, meanGapMs, salaryDay: 1 } as const;
    const welcome = (now: number): void => {
      const customer = this.makeNewcomer(now);
      this.customers.push(customer);
      this.shopping.buy(customer, now);
      this.shopping.start(customer, now);
      this.at(this.calendar.nextAfter(now, pace, random), welcome);
    };
    this.at(this.calendar.nextAfter(this.startsAt, pace, random), welcome);
  }

  private addPerson(joinedAt: number | null): Customer {
    this.peopleMade += 1;
    const { mint, market, seed, startsAt, parameters } = this;
    const maker = { mint, market, seed, startsAt, people: parameters.people, deviceMix: parameters.devices };
    return makeCustomer(this.peopleMade, joinedAt, maker);
  }

  private openAccount(id: string, overdraft: 'forbidden' | 'allowed', now: number): void {
    this.ready.push({ kind: 'account', at: this.advance(now), body: { id, asset: 'EUR', overdraft } });
  }

  private itemOf(attempt: Attempt, occurredAt: number, at: number): PaymentItem {
    const { fraud } = attempt.story;
    return {
      kind: 'payment',
      at,
      body: renderForWallet(attempt, { id: this.mint.next('pay_'), occurredAt }),
      truth: { ...attempt.story, seat: this.parameters.seat },
      backstage: {
        issuer: attempt.issuer,
        challengePasses: attempt.challengePasses,
        reviewApproves: this.arrivals.chance(fraud ? REVIEWER_MISSES_SHARE : 1 - REVIEWER_INSULTS_SHARE),
      },
    };
  }

  private deliver(item: PaymentItem, reaction: Reaction | undefined): void {
    const at = this.advance(item.at);
    this.ready.push({ ...item, at });
    this.waiting.set(item.body.id, { at, backstage: item.backstage, reaction });
  }

  private advance(time: number): number {
    this.lastAt = Math.max(this.lastAt, time);
    return this.lastAt;
  }

  /** Whether a payment had to be taken as approved because nobody answered in time. */
  private presumeApproval(): boolean {
    const [oldest] = this.waiting;
    if (oldest === undefined) return false;
    const [id, waiting] = oldest;
    if (waiting.at + ANSWER_WITHIN_MS >= this.schedule.nextTime()) return false;
    this.answer(id, 'approve');
    return true;
  }
}

function verdictOf(outcome: Outcome, backstage: Backstage, completed: boolean | undefined): Verdict {
  const stoppedBy = stopperOf(outcome, backstage);
  if (completed === undefined) return { completed: stoppedBy === null, stoppedBy };
  return { completed, stoppedBy: completed ? null : (stoppedBy ?? 'policy') };
}

function stopperOf(outcome: Outcome, backstage: Backstage): Verdict['stoppedBy'] {
  if (outcome === 'deny') return 'policy';
  if (outcome === 'challenge' && !backstage.challengePasses) return 'challenge';
  if (outcome === 'review' && !backstage.reviewApproves) return 'reviewer';
  return backstage.issuer.approved ? null : 'issuer';
}
