/**
 * Device farm: racks of phones or emulators act as many customers of the shops at once, each with an
 * account and a stolen or prepaid card, and buy what can be sold on. The crude show few devices
 * behind many accounts from one line; the careful have almost as many devices as accounts.
 */
import type { Verdict } from '#training/world/attempt.ts';
import { DAY_MS, HOUR_MS } from '#training/world/calendar.ts';
import { makeCard } from '#training/world/cards.ts';
import type { Card } from '#training/world/cards.ts';
import type { Standing } from '#training/world/checkout.ts';
import type { Customer } from '#training/world/customers.ts';
import type { Device } from '#training/world/devices.ts';
import { priceAt } from '#training/world/merchants.ts';
import type { Merchant } from '#training/world/merchants.ts';
import { anyVictim, bySkill, crookedAccount, Hideout, purchase } from './campaign.ts';
import type { Campaign } from './campaign.ts';

export const DEVICE_FARM_PAYMENTS = 45;

const STANDING: Standing = { knowsCvc: 0.93, knowsAddress: 0.6, authenticates: 0.12, passesChallenge: 0.06 };

interface Puppet {
  /** Opened when it first acts. */
  account: Customer | null;
  readonly card: Card;
  readonly device: Device;
  purchasesLeft: number;
}

export function startDeviceFarm(campaign: Campaign, now: number): void {
  new DeviceFarm(campaign).begin(now);
}

class DeviceFarm {
  private readonly campaign: Campaign;
  private readonly hideout: Hideout;
  private readonly shops: readonly Merchant[];
  private readonly puppets: readonly Puppet[];
  private refusedInARow = 0;

  constructor(campaign: Campaign) {
    this.campaign = campaign;
    this.hideout = new Hideout(campaign);
    const { random, skill, stage } = campaign;
    const country = anyVictim(campaign).country;
    this.shops = Array.from({ length: bySkill(skill, [2, 6, 16]) }, () =>
      stage.market.drawForResale(country, random),
    );
    const accounts = Math.ceil(random.logNormal(bySkill(skill, [26, 24, 20]), 0.4));
    const rack = this.buildRack(country, Math.ceil(accounts / bySkill(skill, [8, 2, 1])));
    this.puppets = Array.from({ length: accounts }, () => ({
      account: null,
      card: makeCard(country, { mint: stage.mint, random }, random.chance(0.8) ? 'live' : 'blocked'),
      device: random.pick(rack),
      purchasesLeft: random.integerBetween(1, 3),
    }));
  }

  private buildRack(country: string, size: number): Device[] {
    return Array.from({ length: size }, () => {
      this.hideout.rotateDevice();
      return this.hideout.deviceFor(country);
    });
  }

  begin(now: number): void {
    const { random, skill, stage } = this.campaign;
    const days = bySkill(skill, [1, 4, 12]);
    for (const puppet of this.puppets) {
      stage.at(Math.floor(now + random.unit() * days * DAY_MS), (time) => this.act(puppet, time));
    }
  }

  private act(puppet: Puppet, now: number): void {
    const { random, skill, stage } = this.campaign;
    const patience = bySkill(skill, [12, 8, 5]);
    if (puppet.purchasesLeft === 0 || this.refusedInARow >= patience) return;
    puppet.purchasesLeft -= 1;
    if (random.chance(bySkill(skill, [0.05, 0.6, 1]))) this.hideout.rotateLine();
    puppet.account ??= crookedAccount(this.campaign, now);
    const merchant = random.pick(this.shops);
    const attempt = purchase(this.campaign, {
      payer: puppet.account,
      merchant,
      amount: priceAt(merchant, random.between(0.7, 1.6), random),
      channel: puppet.device.mobile && random.chance(0.45) ? 'app' : 'web',
      card: puppet.card,
      device: puppet.device,
      ip: this.hideout.addressFor(puppet.account.country),
      standing: STANDING,
      step: 'buy',
    });
    stage.pay(attempt, now, (verdict, later) => this.learn(puppet, verdict, later));
  }

  private learn(puppet: Puppet, verdict: Verdict, now: number): void {
    const { random, skill, stage } = this.campaign;
    this.refusedInARow = verdict.completed ? 0 : this.refusedInARow + 1;
    const waitHours = random.exponential(bySkill(skill, [2, 16, 60])) + (verdict.completed ? 0.1 : 1);
    stage.at(Math.floor(now + waitHours * HOUR_MS), (time) => this.act(puppet, time));
  }
}
