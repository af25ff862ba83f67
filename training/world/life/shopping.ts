/**
 * Owns the daily life of honest customers: they buy, now where they always buy and now somewhere
 * for the first time; they try again after a decline, with the same card or another, or give up;
 * they send things back. Nothing here is fraud, and much of it looks like it.
 */
import type { Attempt, Verdict } from '#training/world/attempt.ts';
import { DAY_MS, HOUR_MS, localHour } from '#training/world/calendar.ts';
import type { Card } from '#training/world/cards.ts';
import { attemptAt, OWNER, walletOf } from '#training/world/checkout.ts';
import { canAfford } from '#training/world/customers.ts';
import type { Customer } from '#training/world/customers.ts';
import { priceAt } from '#training/world/merchants.ts';
import type { Merchant } from '#training/world/merchants.ts';
import type { Stage } from '#training/world/stage.ts';
import { ChangingLives } from './changing-lives.ts';
import { PersonPayments } from './person-payments.ts';
import { signIn } from './sign-ins.ts';
import { addressOf, chooseDevice, phoneAtTill } from './whereabouts.ts';

const MINUTE_MS = 60_000;
const MOST_RETRIES = 2;
/** Payments after which somebody goes on a shopping spree. */
const SPREE_SHARE = 0.006;
/** One purchase leads to another within the hour. */
const ANOTHER_SHARE = 0.11;
const GIVES_UP_SHARE = 0.32;
/** Of retries, those with another card where there is one. */
const OTHER_CARD_SHARE = 0.45;
/** A second try with the same card mostly meets the same answer. */
const SAME_ANSWER_SHARE = 0.75;
/** A card that is added to a wallet is often checked with an amount of zero. */
const VERIFIED_SHARE = 0.6;
const REFUNDED_IN_PART_SHARE = 0.3;
/** Of presents that are sent, those to another country. */
const GIFT_ABROAD_SHARE = 0.15;

export interface Visit {
  readonly customer: Customer;
  readonly merchant: Merchant;
  readonly story: string;
  /** Spends so many times what it would on another day. */
  readonly lavish?: number;
}

interface Errand extends Visit {
  /** Minor units; 0 for a verification. */
  readonly amount: number;
  readonly retriesLeft: number;
}

export class Shopping {
  private readonly stage: Stage;
  private readonly lives: ChangingLives;
  private readonly persons: PersonPayments;

  constructor(stage: Stage) {
    this.stage = stage;
    this.lives = new ChangingLives(stage);
    this.persons = new PersonPayments(stage);
  }

  /** Lets a customer live from `now` on. */
  start(customer: Customer, now: number): void {
    const { stage } = this;
    this.persons.start(customer, now);
    const live = (time: number): void => {
      this.act(customer, time);
      stage.at(stage.calendar.nextAfter(time, customer.pace, customer.random), live);
    };
    stage.at(stage.calendar.nextAfter(now, customer.pace, customer.random), live);
  }

  /** A payment such as this customer makes on any day. */
  act(customer: Customer, now: number): void {
    if (this.lives.catchUp(customer, now) && customer.random.chance(VERIFIED_SHARE))
      this.verifyCard(customer, now);
    else if (customer.random.chance(this.stage.parameters.people.personShare))
      this.persons.payAny(customer, now);
    else
      this.buyFrom(
        { customer, merchant: this.chooseMerchant(customer, now), story: this.storyOf(customer, now) },
        now,
      );
    customer.lastPaidAt = now;
    if (customer.random.chance(SPREE_SHARE)) this.goOnSpree(customer, now);
  }

  /** Presents, a furnished flat, the things around a phone: several larger purchases within a day or two. */
  private goOnSpree(customer: Customer, now: number): void {
    const { random } = customer;
    const buy = (moment: number): void => {
      const merchant = this.stage.market.drawForResale(customer.country, random);
      this.buyFrom({ customer, merchant, story: 'spree', lavish: random.between(1, 2) }, moment);
    };
    for (let count = random.integerBetween(2, 6); count > 0; count -= 1)
      this.stage.at(Math.floor(now + random.exponential(8) * HOUR_MS) + MINUTE_MS, buy);
  }

  buyFrom(visit: Visit, now: number): void {
    const { customer, merchant } = visit;
    const amount = priceAt(merchant, customer.wealth * (visit.lavish ?? 1), customer.random);
    if (!canAfford(customer, amount)) return;
    const errand: Errand = { ...visit, amount, retriesLeft: MOST_RETRIES };
    this.pay(errand, { card: chooseCard(customer) }, now);
  }

  private verifyCard(customer: Customer, now: number): void {
    const merchant = this.stage.market.draw(customer.country, customer.random);
    const errand: Errand = { customer, merchant, amount: 0, story: 'card_added', retriesLeft: 1 };
    this.pay(errand, { card: chooseCard(customer) }, now);
  }

  private storyOf(customer: Customer, now: number): string {
    if (customer.awayUntil > now) return 'travel';
    return customer.lastPaidAt === 0 && customer.createdAt >= this.stage.startsAt ? 'newcomer' : 'everyday';
  }

  private chooseMerchant(customer: Customer, now: number): Merchant {
    const { random, favourites } = customer;
    const { market, parameters } = this.stage;
    const abroad = customer.awayUntil > now;
    const usual = !abroad && random.chance(parameters.people.favouriteShare);
    const merchant = usual
      ? random.pick(favourites)
      : market.draw(abroad ? customer.awayIn : customer.country, random);
    const hour = localHour(now, customer.pace.utcOffsetHours);
    const open = hour >= merchant.category.opens && hour < merchant.category.closes;
    return open ? merchant : market.draw(customer.country, random);
  }

  private pay(errand: Errand, way: { card: Card; earlier?: Attempt }, now: number): void {
    const { card, earlier } = way;
    const fresh = this.attemptFor(errand, way, now);
    const same = earlier?.card?.id === card.id && errand.customer.random.chance(SAME_ANSWER_SHARE);
    const attempt = same ? { ...fresh, issuer: earlier.issuer } : fresh;
    this.stage.pay(attempt, now, (verdict, later) => this.react(attempt, { errand, verdict }, later));
  }

  private attemptFor(
    errand: Errand,
    { card, earlier }: { card: Card; earlier?: Attempt },
    now: number,
  ): Attempt {
    const { customer, merchant, amount } = errand;
    const { random } = customer;
    const { mint, parameters } = this.stage;
    const online =
      amount === 0 || !(earlier ? earlier.channel === 'pos' : random.chance(merchant.category.inStoreShare));
    const device = online ? (earlier?.device ?? chooseDevice(customer)) : phoneAtTill(customer);
    const ip = device === null || !online ? null : addressOf(customer, device, now);
    if (device !== null && ip !== null && earlier === undefined)
      signIn(this.stage, { customer, device, ip }, now);
    const ships = online && random.chance(merchant.category.ships);
    const gift = random.chance(0.07);
    return attemptAt(
      { random, issuer: parameters.issuer },
      {
        payer: customer,
        merchant,
        amount,
        channel: channelOf({ online, amount, app: device !== null && device.mobile && random.chance(0.45) }),
        card,
        wallet: walletOf(device, card),
        device,
        ip,
        group: earlier?.group ?? mint.next('order_'),
        billingAddress: online ? customer.addressHash : null,
        shippingCountry: ships ? this.destinationOf(customer, gift) : null,
        shippingAddress: ships ? (gift ? mint.next('a_') : customer.addressHash) : null,
        standing: OWNER,
        story: { fraud: false, family: null, campaign: null, skill: null, story: errand.story },
      },
    );
  }

  private destinationOf({ random, country }: Customer, gift: boolean): string {
    if (!gift || !random.chance(GIFT_ABROAD_SHARE)) return country;
    const [code] = random.pick(this.stage.parameters.people.countries);
    return code;
  }

  private react(
    attempt: Attempt,
    { errand, verdict }: { errand: Errand; verdict: Verdict },
    now: number,
  ): void {
    const { customer } = errand;
    const { random } = customer;
    if (verdict.completed) {
      this.sendBack(errand, verdict, now);
      if (random.chance(ANOTHER_SHARE))
        this.stage.at(Math.floor(now + random.between(2, 45) * MINUTE_MS), (time) =>
          this.act(customer, time),
        );
      return;
    }
    if (errand.retriesLeft === 0 || attempt.card === null || random.chance(GIVES_UP_SHARE)) return;
    const others = customer.cards.filter((card) => card.id !== attempt.card?.id);
    const card = others.length > 0 && random.chance(OTHER_CARD_SHARE) ? random.pick(others) : attempt.card;
    const again: Errand = { ...errand, story: 'retry', retriesLeft: errand.retriesLeft - 1 };
    this.stage.at(Math.floor(now + random.between(0.2, 3) * MINUTE_MS), (time) =>
      this.pay(again, { card, earlier: attempt }, time),
    );
  }

  private sendBack({ customer, merchant, amount }: Errand, { paymentId }: Verdict, now: number): void {
    const { random } = customer;
    if (amount === 0 || !random.chance(merchant.category.refundShare)) return;
    const back = random.chance(REFUNDED_IN_PART_SHARE)
      ? Math.ceil(amount * random.between(0.2, 0.9))
      : amount;
    this.stage.reverse(
      { paymentId, amount: back, kind: 'refund' },
      Math.floor(now + random.between(0.5, 24) * DAY_MS),
    );
  }
}

function chooseCard({ cards, random }: Customer): Card {
  const [first] = cards;
  return first !== undefined && random.chance(0.72) ? first : random.pick(cards);
}

function channelOf({
  online,
  amount,
  app,
}: {
  online: boolean;
  amount: number;
  app: boolean;
}): Attempt['channel'] {
  if (amount === 0) return 'verification';
  if (!online) return 'pos';
  return app ? 'app' : 'web';
}
