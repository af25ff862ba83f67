/**
 * Card testing: somebody with a list of stolen or guessed cards finds out which of them work, by
 * small purchases or zero-amount verifications where few questions are asked, and later spends with
 * the good ones. Turned away, they change device, line and shop; when nothing works any more they
 * rest, and some come back better.
 */
import type { Attempt, Verdict } from '#training/world/attempt.ts';
import { DAY_MS, HOUR_MS } from '#training/world/calendar.ts';
import { cardOfBin, makeCard } from '#training/world/cards.ts';
import type { Card } from '#training/world/cards.ts';
import type { Standing } from '#training/world/checkout.ts';
import type { Customer } from '#training/world/customers.ts';
import { priceAt } from '#training/world/merchants.ts';
import type { Merchant } from '#training/world/merchants.ts';
import type { Skill } from '#training/world/parameters.ts';
import { priceNear } from '#training/world/price.ts';
import { anyVictim, bySkill, crookedAccount, Hideout, purchase } from './campaign.ts';
import type { Campaign } from './campaign.ts';

export const CARD_TESTING_PAYMENTS = 80;

interface StolenCard {
  readonly card: Card;
  readonly payer: Customer;
}

/** From breached shops come cards with CVC; guessed ones mostly do not exist. */
const FROM_BREACH: Standing = {
  knowsCvc: 0.85,
  knowsAddress: 0.5,
  authenticates: 0.05,
  passesChallenge: 0.03,
};
const GUESSED: Standing = { knowsCvc: 0.35, knowsAddress: 0.1, authenticates: 0.02, passesChallenge: 0.01 };

export function startCardTesting(campaign: Campaign, now: number): void {
  new CardTesting(campaign, now).begin(now);
}

class CardTesting {
  private readonly campaign: Campaign;
  private readonly hideout: Hideout;
  private readonly standing: Standing;
  private readonly stock: StolenCard[];
  private skill: Skill;
  private shop: Merchant;
  private turnedAway = 0;

  constructor(campaign: Campaign, now: number) {
    this.campaign = campaign;
    this.skill = campaign.skill;
    this.hideout = new Hideout(campaign);
    const guessed = campaign.random.chance(bySkill(campaign.skill, [0.5, 0.3, 0.1]));
    this.standing = guessed ? GUESSED : FROM_BREACH;
    this.stock = guessed ? this.guessCards(now) : this.buyCards(now);
    this.shop = campaign.stage.market.drawLax(campaign.random);
  }

  begin(now: number): void {
    this.after(1, now);
  }

  private guessCards(now: number): StolenCard[] {
    const { random, stage } = this.campaign;
    const maker = { mint: stage.mint, random };
    const banks = Array.from({ length: bySkill(this.campaign.skill, [1, 2, 5]) }, () =>
      makeCard(anyVictim(this.campaign).country, maker),
    );
    const count = Math.ceil(random.logNormal(bySkill(this.campaign.skill, [70, 50, 30]), 0.5));
    const accounts = this.openAccounts(Math.ceil(count / 12), now);
    return Array.from({ length: count }, () => ({
      card: cardOfBin(random.pick(banks), maker, random.chance(0.06) ? 'live' : 'invalid'),
      payer: random.pick(accounts),
    }));
  }

  /** Half of a list belongs to customers of this very issuer; the rest is tried on accounts of one's own. */
  private buyCards(now: number): StolenCard[] {
    const { random, stage } = this.campaign;
    const count = Math.ceil(random.logNormal(bySkill(this.campaign.skill, [45, 32, 18]), 0.5));
    const accounts = this.openAccounts(Math.ceil(count / bySkill(this.campaign.skill, [20, 8, 2])), now);
    return Array.from({ length: count }, () => {
      const victim = anyVictim(this.campaign);
      if (random.chance(0.5)) return { card: random.pick(victim.cards), payer: victim };
      const state = random.chance(0.55) ? 'live' : 'blocked';
      return {
        card: makeCard(victim.country, { mint: stage.mint, random }, state),
        payer: random.pick(accounts),
      };
    });
  }

  private openAccounts(count: number, now: number): Customer[] {
    return Array.from({ length: count }, () => crookedAccount(this.campaign, now));
  }

  private after(factor: number, now: number): void {
    const { random, stage } = this.campaign;
    const seconds = factor * random.logNormal(bySkill(this.skill, [9, 100, 1500]), 0.7);
    stage.at(now + Math.floor(seconds * 1000) + 100, (time) => this.tryNext(time));
  }

  private tryNext(now: number): void {
    const stolen = this.stock.pop();
    if (stolen === undefined) return;
    const attempt = this.testOf(stolen);
    this.campaign.stage.pay(attempt, now, (verdict, later) => this.learn(stolen, verdict, later));
    this.after(1, now);
  }

  private testOf(stolen: StolenCard): Attempt {
    const { random } = this.campaign;
    if (random.chance(bySkill(this.skill, [0.05, 0.15, 0.4]))) this.hideout.rotateLine();
    if (random.chance(bySkill(this.skill, [0.03, 0.15, 0.5]))) this.hideout.rotateDevice();
    if (random.chance(bySkill(this.skill, [0.01, 0.05, 0.3]))) this.changeShop();
    const verification = random.chance(0.3);
    return purchase(this.campaign, {
      payer: stolen.payer,
      merchant: this.shop,
      amount: verification ? 0 : priceNear(random.logNormal(bySkill(this.skill, [1.6, 4, 11]), 0.6), random),
      channel: verification ? 'verification' : 'web',
      card: stolen.card,
      device: this.hideout.deviceFor(stolen.payer.country),
      ip: this.hideout.addressFor(stolen.payer.country),
      standing: this.standing,
      step: 'test',
    });
  }

  private learn(stolen: StolenCard, verdict: Verdict, now: number): void {
    const { random } = this.campaign;
    if (verdict.completed) {
      this.turnedAway = 0;
      if (random.chance(0.55)) this.spendLater(stolen, 2, now);
      return;
    }
    if (verdict.stoppedBy === 'issuer') return;
    this.turnedAway += 1;
    if (random.chance(bySkill(this.skill, [0.25, 0.8, 1]))) this.hideout.rotateDevice();
    if (random.chance(bySkill(this.skill, [0.35, 0.9, 1]))) this.hideout.rotateLine();
    if (this.turnedAway % 3 === 0) this.changeShop();
    if (this.turnedAway >= bySkill(this.skill, [14, 9, 6])) this.rest(now);
  }

  private changeShop(): void {
    this.shop = this.campaign.stage.market.drawLax(this.campaign.random);
  }

  /** It no longer pays: the rest of the list waits for days, or for ever. */
  private rest(now: number): void {
    const { random, stage } = this.campaign;
    const remaining = this.stock.splice(0);
    this.turnedAway = 0;
    if (remaining.length === 0 || random.chance(0.4)) return;
    stage.at(Math.floor(now + random.between(0.7, 5) * DAY_MS), (time) => {
      this.skill = this.skill === 0 ? 1 : 2;
      this.hideout.rotateDevice();
      this.hideout.rotateLine();
      this.changeShop();
      this.stock.push(...remaining);
      this.after(1, time);
    });
  }

  private spendLater(stolen: StolenCard, triesLeft: number, now: number): void {
    const { random, stage } = this.campaign;
    stage.at(Math.floor(now + random.between(0.3, 40) * HOUR_MS), (time) =>
      this.spend(stolen, triesLeft, time),
    );
  }

  private spend(stolen: StolenCard, triesLeft: number, now: number): void {
    const { random, stage } = this.campaign;
    const merchant = stage.market.drawForResale(stolen.payer.country, random);
    const attempt = purchase(this.campaign, {
      payer: stolen.payer,
      merchant,
      amount: priceAt(merchant, random.between(0.8, 2.2), random),
      channel: 'web',
      card: stolen.card,
      device: this.hideout.deviceFor(stolen.payer.country),
      ip: this.hideout.addressFor(stolen.payer.country),
      standing: this.standing,
      step: 'spend',
    });
    stage.pay(attempt, now, (verdict, later) => {
      if (verdict.completed ? random.chance(0.35) : triesLeft > 0)
        this.spendLater(stolen, triesLeft - 1, later);
    });
  }
}
