/**
 * Mule chain: stolen money comes in from elsewhere and is passed from account to account within
 * minutes or hours, a part kept at each, until it leaves. Mules are accounts opened for it and,
 * with more skill, ordinary customers who were recruited and use their own phone.
 */
import { HOUR_MS } from '#training/world/calendar.ts';
import type { Customer } from '#training/world/customers.ts';
import { addressOf, chooseDevice } from '#training/world/life/whereabouts.ts';
import { priceNear } from '#training/world/price.ts';
import { ELSEWHERE } from '#training/world/stage.ts';
import { anyVictim, bySkill, crookedAccount, Hideout, sendMoney } from './campaign.ts';
import type { Campaign } from './campaign.ts';

export const MULE_CHAIN_PAYMENTS = 10;

interface Mule {
  readonly account: Customer;
  readonly recruited: boolean;
}

interface Hop {
  readonly amountUnits: number;
  /** Place in the chain of who holds the money now. */
  readonly place: number;
  readonly refusals: number;
}

const MOST_REFUSALS = 2;

export function startMuleChain(campaign: Campaign, now: number): void {
  new MuleChain(campaign, now).begin(now);
}

class MuleChain {
  private readonly campaign: Campaign;
  private readonly hideout: Hideout;
  private readonly mules: readonly Mule[];

  constructor(campaign: Campaign, now: number) {
    this.campaign = campaign;
    this.hideout = new Hideout(campaign);
    const { random, skill } = campaign;
    const length = random.integerBetween(3, 5);
    this.mules = Array.from({ length }, () => {
      const recruited = random.chance(bySkill(skill, [0.1, 0.35, 0.7]));
      return { recruited, account: recruited ? anyVictim(campaign) : crookedAccount(campaign, now) };
    });
  }

  /** Money arrives a few times before the chain is burnt. */
  begin(now: number): void {
    const { random, stage, skill } = this.campaign;
    let time = now;
    for (let count = random.integerBetween(2, 6); count > 0; count -= 1) {
      stage.at(time, (moment) => this.receive(moment));
      time += Math.floor(random.exponential(bySkill(skill, [12, 40, 90])) * HOUR_MS);
    }
  }

  private receive(now: number): void {
    const { random, stage } = this.campaign;
    const [first] = this.mules;
    if (first === undefined) return;
    const amountUnits = random.logNormal(900, 0.7);
    stage.transfer(
      {
        from: ELSEWHERE,
        to: first.account.account,
        amount: Math.round(amountUnits * 100),
        reason: 'incoming',
      },
      now,
    );
    this.passOnLater({ amountUnits, place: 0, refusals: 0 }, now);
  }

  private passOnLater(hop: Hop, now: number): void {
    const { random, skill, stage } = this.campaign;
    const hours = random.exponential(bySkill(skill, [0.3, 2, 14])) + 0.05;
    stage.at(Math.floor(now + hours * HOUR_MS), (time) => this.passOn(hop, time));
  }

  private passOn(hop: Hop, now: number): void {
    const { random, skill, stage } = this.campaign;
    const from = this.mules[hop.place];
    const to = this.mules[hop.place + 1];
    if (from === undefined || to === undefined) return;
    const kept = random.between(
      ...bySkill<[number, number]>(skill, [
        [0.02, 0.06],
        [0.04, 0.12],
        [0.08, 0.35],
      ]),
    );
    const device = from.recruited ? chooseDevice(from.account) : this.hideout.deviceFor(from.account.country);
    const ip = from.recruited
      ? addressOf(from.account, device, now)
      : this.hideout.addressFor(from.account.country);
    const amountUnits = hop.amountUnits * (1 - kept);
    const attempt = sendMoney(this.campaign, {
      payer: from.account,
      payeeAccount: to.account.account,
      amount: priceNear(amountUnits - 1, random),
      device,
      ip,
      passesChallenge: from.recruited ? 0.85 : 0.5,
      step: 'pass_on',
    });
    stage.pay(attempt, now, (verdict, later) => {
      if (verdict.completed) this.passOnLater({ amountUnits, place: hop.place + 1, refusals: 0 }, later);
      else if (hop.refusals < MOST_REFUSALS)
        this.passOnLater(
          { amountUnits: hop.amountUnits / 2, place: hop.place, refusals: hop.refusals + 1 },
          later,
        );
    });
  }
}
