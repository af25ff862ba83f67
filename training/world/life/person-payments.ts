/**
 * Owns honest payments between people: the rent, a dinner that is shared, something bought second
 * hand from a stranger; and money that is passed on soon after it came, for a present say. Scams and
 * mules hide among these.
 */
import type { Verdict } from '#training/world/attempt.ts';
import { HOUR_MS } from '#training/world/calendar.ts';
import { canAfford } from '#training/world/customers.ts';
import type { Customer } from '#training/world/customers.ts';
import { priceNear } from '#training/world/price.ts';
import type { Stage } from '#training/world/stage.ts';
import { transferOf } from '#training/world/transfer.ts';
import { addressOf, chooseDevice } from './whereabouts.ts';

const MOST_FRIENDS = 6;
const TO_FRIEND_SHARE = 0.75;
const PASSED_ON_SHARE = 0.05;

export class PersonPayments {
  private readonly stage: Stage;
  private readonly friends = new WeakMap<Customer, Customer[]>();

  constructor(stage: Stage) {
    this.stage = stage;
  }

  payAny(customer: Customer, now: number): void {
    const { random } = customer;
    const payee = this.choosePayee(customer);
    if (payee === customer) return;
    const units = random.chance(0.12) ? random.logNormal(420, 0.6) : random.logNormal(34, 1);
    this.pay(
      { customer, payee, amount: priceNear(units * customer.wealth, random), story: 'to_person' },
      now,
    );
  }

  private choosePayee(customer: Customer): Customer {
    const { random } = customer;
    const friends = this.friends.get(customer) ?? [];
    const known = friends.length > 0 ? random.pick(friends) : undefined;
    if (known !== undefined && random.chance(TO_FRIEND_SHARE)) return known;
    const payee = random.pick(this.stage.customers);
    if (friends.length < MOST_FRIENDS) this.friends.set(customer, [...friends, payee]);
    return payee;
  }

  private pay(
    payment: { customer: Customer; payee: Customer; amount: number; story: string },
    now: number,
  ): void {
    const { customer, payee, amount, story } = payment;
    if (!canAfford(customer, amount)) return;
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
    if (customer.random.chance(0.1))
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
    const next = this.choosePayee(payee);
    if (next === payee) return;
    const share = priceNear((amount / 100) * random.between(0.4, 1), random);
    const time = Math.floor(now + random.exponential(8) * HOUR_MS);
    this.stage.at(time, (moment) =>
      this.pay({ customer: payee, payee: next, amount: share, story: 'passed_on' }, moment),
    );
  }
}
