/**
 * Owns the daily life of honest customers: they buy, now where they always buy and now somewhere
 * for the first time, at home, at work, on the way or abroad; they try again after a decline, with
 * the same card or another, or give up. Nothing here is fraud, and much of it looks like it.
 */
import type { Attempt, Verdict } from './attempt.ts';
import { DAY_MS, localHour } from './calendar.ts';
import type { Card } from './cards.ts';
import { attemptAt, OWNER } from './checkout.ts';
import type { Till } from './checkout.ts';
import { countryOf } from './countries.ts';
import { homeLine } from './customers.ts';
import type { Customer } from './customers.ts';
import { makeDevice, wipe } from './devices.ts';
import type { Device } from './devices.ts';
import { priceAt } from './merchants.ts';
import type { Merchant } from './merchants.ts';
import { homeAddress, mobileAddress, sharedAddress, vpnAddress } from './networks.ts';
import type { Stage } from './stage.ts';
import { PLATFORMS } from './user-agents.ts';

const MINUTE_MS = 60_000;
const MOST_RETRIES = 2;
/** One purchase leads to another within the hour. */
const ANOTHER_SHARE = 0.11;
const GIVES_UP_SHARE = 0.32;
/** Half of the retries go to another card, where there is one. */
const OTHER_CARD_SHARE = 0.45;
/** A second try with the same card mostly meets the same answer. */
const SAME_ANSWER_SHARE = 0.75;

interface Errand {
  readonly customer: Customer;
  readonly merchant: Merchant;
  readonly amount: number;
  readonly story: string;
  readonly retriesLeft: number;
}

export class Shopping {
  private readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** Lets a customer live from `now` on. */
  start(customer: Customer, now: number): void {
    const { stage } = this;
    const live = (time: number): void => {
      this.changeLife(customer, time);
      this.buy(customer, time);
      stage.at(stage.calendar.nextAfter(time, customer.pace, customer.random), live);
    };
    stage.at(stage.calendar.nextAfter(now, customer.pace, customer.random), live);
  }

  /** A purchase such as this customer makes on any day. */
  buy(customer: Customer, now: number): void {
    const { random } = customer;
    const abroad = customer.awayUntil > now;
    const merchant = this.chooseMerchant(customer, now);
    const amount = priceAt(merchant, customer.wealth, random);
    const story = abroad
      ? 'travel'
      : customer.lastPaidAt === 0 && customer.createdAt >= this.stage.startsAt
        ? 'newcomer'
        : 'everyday';
    customer.lastPaidAt = now;
    const errand: Errand = { customer, merchant, amount, story, retriesLeft: MOST_RETRIES };
    this.pay(this.attemptFor(errand, this.chooseCard(customer)), errand, now);
  }

  private chooseMerchant(customer: Customer, now: number): Merchant {
    const { random } = customer;
    const abroad = customer.awayUntil > now;
    const favourite = !abroad && random.chance(this.stage.parameters.people.favouriteShare);
    const merchant = favourite
      ? random.pick(customer.favourites)
      : this.stage.market.draw(abroad ? customer.awayIn : customer.country, random);
    const hour = localHour(now, customer.pace.utcOffsetHours);
    const open = hour >= merchant.category.opens && hour < merchant.category.closes;
    return open ? merchant : this.stage.market.draw(customer.country, random);
  }

  private chooseCard(customer: Customer): Card {
    const [first] = customer.cards;
    return first !== undefined && customer.random.chance(0.72) ? first : customer.random.pick(customer.cards);
  }

  private chooseDevice(customer: Customer): Device {
    const [first] = customer.devices;
    return first !== undefined && customer.random.chance(0.7)
      ? first
      : customer.random.pick(customer.devices);
  }

  private attemptFor(errand: Errand, card: Card, earlier?: Attempt): (now: number) => Attempt {
    return (now) => {
      const { customer, merchant } = errand;
      const { random } = customer;
      const inStore =
        earlier === undefined ? random.chance(merchant.category.inStoreShare) : earlier.channel === 'pos';
      const device = inStore ? this.phoneAtTill(customer) : (earlier?.device ?? this.chooseDevice(customer));
      const ships = !inStore && merchant.category.inStoreShare > 0.02 && random.chance(0.6);
      const gift = random.chance(0.07);
      const channel = inStore
        ? 'pos'
        : device !== null && device.mobile && random.chance(0.45)
          ? 'app'
          : 'web';
      const attempt = attemptAt(this.till(customer), {
        payer: customer,
        merchant,
        amount: errand.amount,
        channel,
        card,
        wallet: walletOf(device, card),
        device,
        ip: device === null || inStore ? null : this.addressOf(customer, device, now),
        group: earlier?.group ?? this.stage.mint.next('order_'),
        billingAddress: inStore ? null : customer.addressHash,
        shippingCountry: ships ? customer.country : null,
        shippingAddress: ships ? (gift ? this.stage.mint.next('a_') : customer.addressHash) : null,
        standing: OWNER,
        story: { fraud: false, family: null, campaign: null, skill: null, story: errand.story },
      });
      const sameCard = earlier?.card?.id === card.id;
      return sameCard && random.chance(SAME_ANSWER_SHARE) ? { ...attempt, issuer: earlier.issuer } : attempt;
    };
  }

  private till(customer: Customer): Till {
    return { random: customer.random, issuer: this.stage.parameters.issuer };
  }

  /** Some pay in the shop by phone; a plain card shows no device. */
  private phoneAtTill(customer: Customer): Device | null {
    const phone = customer.devices.find((device) => device.mobile);
    return phone !== undefined && customer.random.chance(0.35) ? phone : null;
  }

  private addressOf(customer: Customer, device: Device, now: number): string {
    const { random } = customer;
    if (customer.vpnHabit && random.chance(0.5)) return vpnAddress(random.uint32());
    if (customer.awayUntil > now) return this.addressAbroad(customer, now);
    const hour = localHour(now, customer.pace.utcOffsetHours);
    const working = hour >= 8 && hour < 18;
    if (working && customer.office !== null && random.chance(0.55))
      return sharedAddress(customer.country, customer.office);
    if (device.mobile && random.chance(working ? 0.5 : 0.25)) return mobileAddress(customer.mobile, now);
    return homeAddress(customer.home, now);
  }

  /** Roaming phones show an address of the carrier at home; a hotel's network is local. */
  private addressAbroad(customer: Customer, now: number): string {
    const { random } = customer;
    if (random.chance(0.15)) return vpnAddress(random.uint32());
    if (random.chance(0.45)) return mobileAddress(customer.mobile, now);
    return sharedAddress(customer.awayIn, 1_000_000 + random.below(300));
  }

  private pay(make: (now: number) => Attempt, errand: Errand, now: number): void {
    const attempt = make(now);
    this.stage.pay(attempt, now, (verdict, later) => this.react(attempt, { errand, verdict }, later));
  }

  private react(
    attempt: Attempt,
    { errand, verdict }: { errand: Errand; verdict: Verdict },
    now: number,
  ): void {
    const { customer } = errand;
    const { random } = customer;
    if (verdict.completed) {
      if (random.chance(ANOTHER_SHARE))
        this.stage.at(now + random.between(2, 45) * MINUTE_MS, (time) => this.buy(customer, time));
      return;
    }
    if (errand.retriesLeft === 0 || attempt.card === null || random.chance(GIVES_UP_SHARE)) return;
    const others = customer.cards.filter((card) => card.id !== attempt.card?.id);
    const card = others.length > 0 && random.chance(OTHER_CARD_SHARE) ? random.pick(others) : attempt.card;
    const again: Errand = { ...errand, story: 'retry', retriesLeft: errand.retriesLeft - 1 };
    const make = this.attemptFor(again, card, attempt);
    this.stage.at(now + Math.floor(random.between(0.2, 3) * MINUTE_MS), (time) =>
      this.pay(make, again, time),
    );
  }

  /** What changes in a life between two payments. */
  private changeLife(customer: Customer, now: number): void {
    const { random } = customer;
    const { people } = this.stage.parameters;
    const days = Math.min(60, (now - (customer.lastPaidAt || now - customer.pace.meanGapMs)) / DAY_MS);
    if (random.chance(days / people.newDeviceEveryDays)) this.buyDevice(customer, now);
    if (random.chance(days / people.storageClearedEveryDays)) this.clearStorage(customer);
    if (random.chance(days / people.movesEveryDays)) this.moveHouse(customer);
    if (customer.awayUntil < now && random.chance((days * people.travelShare) / 6))
      this.travel(customer, now);
  }

  private buyDevice(customer: Customer, now: number): void {
    const { mint, parameters } = this.stage;
    const device = makeDevice(countryOf(customer.country), {
      mint,
      random: customer.random,
      mix: parameters.devices,
    });
    customer.devices[customer.random.below(customer.devices.length)] = device;
    this.stage.signal(
      { type: 'device_enrolled', account: customer.account, device, ip: homeAddress(customer.home, now) },
      now,
    );
    if (customer.random.chance(0.15)) {
      this.stage.signal(
        { type: 'password_changed', account: customer.account, device, ip: homeAddress(customer.home, now) },
        now,
      );
    }
  }

  private clearStorage(customer: Customer): void {
    const index = customer.random.below(customer.devices.length);
    const device = customer.devices[index];
    if (device !== undefined && device.assurance !== 'hardware')
      customer.devices[index] = wipe(device, this.stage.mint);
  }

  private moveHouse(customer: Customer): void {
    customer.home = homeLine(customer.country, customer.random);
    customer.addressHash = this.stage.mint.next('a_');
  }

  private travel(customer: Customer, now: number): void {
    const countries = this.stage.parameters.people.countries.filter(([code]) => code !== customer.country);
    if (countries.length === 0) return;
    const [code] = customer.random.pick(countries);
    customer.awayIn = code;
    customer.awayUntil = now + customer.random.between(2, 14) * DAY_MS;
  }
}

/** Phones whose hardware vouches for them pay by the wallet of their maker. */
function walletOf(device: Device | null, card: Card): string | null {
  if (device === null || device.assurance !== 'hardware' || card.funding === 'prepaid') return null;
  return PLATFORMS[device.platform]?.name === 'iphone' ? 'apple_pay' : 'google_pay';
}
