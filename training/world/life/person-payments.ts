/**
 * Owns honest payments between people: the rent, a dinner that is shared, something bought second
 * hand from a stranger; and money that is passed on soon after it came, for a present say. Scams and
 * mules hide among these.
 */
import type { Verdict } from '#training/world/attempt.ts';
import { DAY_MS, HOUR_MS } from '#training/world/calendar.ts';
import { canAfford } from '#training/world/customers.ts';
import type { Customer } from '#training/world/customers.ts';
import { priceNear } from '#training/world/price.ts';
import { ELSEWHERE } from '#training/world/stage.ts';
import type { Stage } from '#training/world/stage.ts';
import { transferOf } from '#training/world/transfer.ts';
import { signIn } from './sign-ins.ts';
import { addressOf, chooseDevice } from './whereabouts.ts';

const MOST_FRIENDS = 6;
const TO_FRIEND_SHARE = 0.75;
const PASSED_ON_SHARE = 0.12;
const MONTH_MS = 30 * DAY_MS;
/** Sums that come from elsewhere: rent that is collected, something sold, help from family; in units. */
const WINDFALL_MEDIAN = 520;
const WINDFALL_SIGMA = 0.9;
/** Of these, the ones that are for somebody else in part or in whole. */
const FOR_OTHERS_SHARE = 0.6;
/** Newcomers who join because money is waiting for them. */
const JOINS_FOR_MONEY_SHARE = 0.15;
/** Of payees who are new to the payer, those that the bank is told of before. */
export const PAYEE_ANNOUNCED_SHARE = 0.5;

interface PersonPayment {
  readonly customer: Customer;
  readonly payee: Customer;
  /** Whether the payer never paid them before. */
  readonly fresh: boolean;
  readonly amount: number;
  readonly story: string;
}

export class PersonPayments {
  private readonly stage: Stage;
  private readonly friends = new WeakMap<Customer, Customer[]>();

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** Lets money come in for `customer` now and then, from `now` on. */
  start(customer: Customer, now: number): void {
    const { windfallsOfMonth } = this.stage.parameters.people;
    const { random } = customer;
    if (windfallsOfMonth === 0) return;
    const receive = (moment: number): void => {
      this.receive(customer, moment);
      this.stage.at(Math.floor(moment + random.exponential(MONTH_MS / windfallsOfMonth)), receive);
    };
    const joins = now > this.stage.startsAt && random.chance(JOINS_FOR_MONEY_SHARE);
    const wait = random.exponential(joins ? 10 * HOUR_MS : MONTH_MS / windfallsOfMonth);
    this.stage.at(Math.floor(now + wait), receive);
  }

  private receive(customer: Customer, now: number): void {
    const { random, purse, account } = customer;
    const units = random.logNormal(WINDFALL_MEDIAN * customer.wealth, WINDFALL_SIGMA);
    const amount = Math.round(units * 100);
    this.stage.transfer({ from: ELSEWHERE, to: account, amount, reason: 'incoming' }, now);
    purse.owed -= amount;
    if (!random.chance(FOR_OTHERS_SHARE)) return;
    const receivers = random.integerBetween(1, 3);
    for (let count = 0; count < receivers; count += 1) {
      const share = priceNear((units * random.between(0.5, 1)) / receivers, random);
      const next = this.choosePayee(customer);
      this.stage.at(Math.floor(now + random.logNormal(5, 1.3) * HOUR_MS), (moment) =>
        this.pay({ ...next, customer, amount: share, story: 'passed_on' }, moment),
      );
    }
  }

  payAny(customer: Customer, now: number): void {
    const { random } = customer;
    const { payee, fresh } = this.choosePayee(customer);
    const units = random.chance(0.12) ? random.logNormal(420, 0.6) : random.logNormal(34, 1);
    const amount = priceNear(units * customer.wealth, random);
    this.pay({ customer, payee, fresh, amount, story: 'to_person' }, now);
  }

  private choosePayee(customer: Customer): { payee: Customer; fresh: boolean } {
    const { random } = customer;
    const friends = this.friends.get(customer) ?? [];
    if (friends.length > 0 && random.chance(TO_FRIEND_SHARE))
      return { payee: random.pick(friends), fresh: false };
    const payee = random.pick(this.stage.customers);
    if (friends.length < MOST_FRIENDS) this.friends.set(customer, [...friends, payee]);
    return { payee, fresh: true };
  }

  private pay(payment: PersonPayment, now: number): void {
    const { customer, payee, amount, story } = payment;
    if (payee === customer || !canAfford(customer, amount)) return;
    const device = chooseDevice(customer);
    const ip = addressOf(customer, device, now);
    const attempt = transferOf(
      {
        payer: customer,
        payeeAccount: payee.account,
        amount,
        device,
        ip,
        group: this.stage.mint.next('order_'),
        passesChallenge: 0.9,
        story: { fraud: false, family: null, campaign: null, skill: null, story },
      },
      customer.random,
    );
    signIn(this.stage, { customer, device, ip }, now);
    if (payment.fresh && customer.random.chance(PAYEE_ANNOUNCED_SHARE))
      this.stage.signal({ type: 'payee_added', account: customer.account, device, ip }, now);
    this.stage.pay(attempt, now, (verdict, later) => this.passOn(payee, { amount, verdict }, later));
  }

  private passOn(
    payee: Customer,
    { amount, verdict }: { amount: number; verdict: Verdict },
    now: number,
  ): void {
    const { random } = payee;
    if (!verdict.completed || !random.chance(PASSED_ON_SHARE)) return;
    const share = priceNear((amount / 100) * random.between(0.5, 1), random);
    const time = Math.floor(now + random.exponential(4) * HOUR_MS);
    const next = this.choosePayee(payee);
    this.stage.at(time, (moment) =>
      this.pay({ ...next, customer: payee, amount: share, story: 'passed_on' }, moment),
    );
  }
}
