/**
 * Owns what runs by itself: subscriptions that merchants charge each month in the small hours, with
 * a stored card and nobody present, so without device or address; declined, they try again days later.
 */
import type { Verdict } from '#training/world/attempt.ts';
import { DAY_MS, HOUR_MS } from '#training/world/calendar.ts';
import { attemptAt, OWNER } from '#training/world/checkout.ts';
import type { Customer } from '#training/world/customers.ts';
import { priceAt } from '#training/world/merchants.ts';
import type { Merchant } from '#training/world/merchants.ts';
import type { Stage } from '#training/world/stage.ts';

const PERIOD_MS = 30 * DAY_MS;
const MOST_RETRIES = 2;
const RETRY_AFTER_MS = 3 * DAY_MS;
/** Card schemes' rules end a subscription after so many refusals; customers end some before. */
const ENDS_SHARE = 0.04;

interface Subscription {
  readonly customer: Customer;
  readonly merchant: Merchant;
  readonly amount: number;
}

export class Subscriptions {
  private readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** Sets the alarms of all that this customer has subscribed to before. */
  start(customer: Customer, now: number): void {
    const { random } = customer;
    for (let count = random.poisson(this.stage.parameters.people.subscriptions); count > 0; count -= 1) {
      const merchant = this.stage.market.drawSubscription(random);
      const subscription = { customer, merchant, amount: priceAt(merchant, 1, random) };
      const day = Math.floor((now + random.unit() * PERIOD_MS) / DAY_MS);
      const time = Math.floor(day * DAY_MS + random.between(0, 5) * HOUR_MS);
      this.stage.at(Math.max(time, now), (due) => this.charge(subscription, MOST_RETRIES, due));
    }
  }

  private charge(subscription: Subscription, retriesLeft: number, now: number): void {
    const { customer, merchant, amount } = subscription;
    const card = customer.cards.find((each) => each.state === 'live');
    if (card === undefined) return;
    const attempt = attemptAt(
      { random: customer.random, issuer: this.stage.parameters.issuer },
      {
        payer: customer,
        merchant,
        amount,
        channel: 'recurring',
        card,
        wallet: null,
        device: null,
        ip: null,
        group: this.stage.mint.next('order_'),
        billingAddress: customer.addressHash,
        shippingCountry: null,
        shippingAddress: null,
        standing: OWNER,
        story: { fraud: false, family: null, campaign: null, skill: null, story: 'subscription' },
      },
    );
    this.stage.pay(attempt, now, (verdict, later) =>
      this.plan({ subscription, retriesLeft, verdict }, later),
    );
  }

  private plan(
    charged: { subscription: Subscription; retriesLeft: number; verdict: Verdict },
    now: number,
  ): void {
    const { subscription, retriesLeft, verdict } = charged;
    const again = !verdict.completed && retriesLeft > 0;
    if (!again && subscription.customer.random.chance(verdict.completed ? ENDS_SHARE : 0.8)) return;
    const time = again
      ? now + RETRY_AFTER_MS
      : now + PERIOD_MS - (MOST_RETRIES - retriesLeft) * RETRY_AFTER_MS;
    this.stage.at(time, (due) => this.charge(subscription, again ? retriesLeft - 1 : MOST_RETRIES, due));
  }
}
