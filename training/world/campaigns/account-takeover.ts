/**
 * Account takeover: with a bought or guessed password somebody enters a customer's account, often
 * changes the password, and spends with the cards that are stored there. The crude act at once and
 * in large sums; the careful wait, use the customer's own kind of shop and amount, and a line next
 * door. Turned away, they halve the amount and wait; after three times they leave.
 */
import type { Attempt, Verdict } from '#training/world/attempt.ts';
import { HOUR_MS } from '#training/world/calendar.ts';
import type { Standing } from '#training/world/checkout.ts';
import type { Customer } from '#training/world/customers.ts';
import type { Device } from '#training/world/devices.ts';
import { homeAddress } from '#training/world/networks.ts';
import { chooseDevice } from '#training/world/life/whereabouts.ts';
import { PAYEE_ANNOUNCED_SHARE } from '#training/world/life/person-payments.ts';
import { priceNear } from '#training/world/price.ts';
import { anyVictim, bySkill, crookedAccount, Hideout, purchase, sendMoney } from './campaign.ts';
import type { Campaign } from './campaign.ts';

export const ACCOUNT_TAKEOVER_PAYMENTS = 13;

const MINUTE_MS = 60_000;
const MOST_REFUSALS = 3;
/** How much is drained straight to another account rather than by shopping. */
const TRANSFER_SHARE = { wallet: 0.25, shop: 0, bank: 1 } as const;

/** Those who pay on the victim's own machine, by malware or by talking them into sharing the screen. */
const REMOTE_SHARE: readonly [number, number, number] = [0, 0.1, 0.3];

interface Break {
  readonly victim: Customer;
  readonly device: Device;
  readonly ip: string;
  /** The owner notices, calls, and the account is closed to the thief. */
  readonly noticedAt: number;
  piecesLeft: number;
  amountUnits: number;
  refusals: number;
}

export function startAccountTakeover(campaign: Campaign, now: number): void {
  new AccountTakeover(campaign).begin(now);
}

class AccountTakeover {
  private readonly campaign: Campaign;
  private readonly hideout: Hideout;
  private readonly standing: Standing;
  private receiver: Customer | null = null;

  constructor(campaign: Campaign) {
    this.campaign = campaign;
    this.hideout = new Hideout(campaign);
    this.standing = {
      knowsCvc: 0.9,
      knowsAddress: 0.9,
      authenticates: bySkill(campaign.skill, [0.08, 0.25, 0.5]),
      passesChallenge: bySkill(campaign.skill, [0.05, 0.15, 0.35]),
    };
  }

  begin(now: number): void {
    const { random, stage, skill } = this.campaign;
    const victims = random.integerBetween(1, bySkill(skill, [7, 6, 4]));
    let time = now;
    for (let count = 0; count < victims; count += 1) {
      stage.at(time, (later) => this.enter(anyVictim(this.campaign), later));
      time += Math.floor(random.exponential(bySkill(skill, [2, 10, 40])) * HOUR_MS) + 5 * MINUTE_MS;
    }
  }

  private enter(victim: Customer, now: number): void {
    const { random, skill, stage } = this.campaign;
    if (random.chance(bySkill(skill, [0.3, 0.7, 0.95]))) this.hideout.rotateLine();
    if (random.chance(bySkill(skill, [0.15, 0.5, 0.9]))) this.hideout.rotateDevice();
    const remote = random.chance(bySkill(skill, REMOTE_SHARE));
    const device = remote ? chooseDevice(victim) : this.hideout.deviceFor(victim.country);
    const ip = remote ? homeAddress(victim.home, now) : this.hideout.addressFor(victim.country);
    const sighting = { account: victim.account, device, ip };
    for (let failure = random.below(bySkill(skill, [5, 3, 2])); failure > 0; failure -= 1) {
      stage.signal({ type: 'login_failed', ...sighting }, now);
    }
    stage.signal({ type: 'login', ...sighting }, now);
    if (random.chance(bySkill(skill, [0.75, 0.5, 0.2])))
      stage.signal({ type: 'password_changed', ...sighting }, now);
    if (!remote && random.chance(0.4)) stage.signal({ type: 'device_enrolled', ...sighting }, now);
    const pieces = random.integerBetween(
      ...bySkill<[number, number]>(skill, [
        [1, 4],
        [2, 5],
        [3, 8],
      ]),
    );
    const sum = victim.wealth * random.logNormal(bySkill(skill, [650, 600, 500]), 0.6);
    const waitHours = random.exponential(bySkill(skill, [0.2, 9, 50]));
    const noticedAt = now + waitHours * HOUR_MS + random.exponential(bySkill(skill, [20, 40, 90])) * HOUR_MS;
    const entered: Break = {
      victim,
      device,
      ip,
      noticedAt,
      piecesLeft: pieces,
      amountUnits: sum / pieces,
      refusals: 0,
    };
    stage.at(Math.floor(now + waitHours * HOUR_MS) + MINUTE_MS, (time) => this.drain(entered, time));
  }

  private drain(entered: Break, now: number): void {
    if (entered.piecesLeft === 0 || now > entered.noticedAt) return;
    entered.piecesLeft -= 1;
    const { random, stage } = this.campaign;
    const amount = priceNear(entered.amountUnits * random.between(0.6, 1.3), random);
    const byTransfer = random.chance(TRANSFER_SHARE[stage.parameters.seat]);
    const attempt = byTransfer ? this.sendAway(entered, amount, now) : this.buyFor(entered, amount);
    stage.pay(attempt, now, (verdict, later) => this.learn(entered, verdict, later));
  }

  private buyFor({ victim, device, ip }: Break, amount: number): Attempt {
    const { random, skill, stage } = this.campaign;
    const imitates = random.chance(bySkill(skill, [0, 0.1, 0.4]));
    return purchase(this.campaign, {
      payer: victim,
      merchant: imitates
        ? random.pick(victim.favourites)
        : stage.market.drawForResale(victim.country, random),
      amount,
      channel: device.mobile ? 'app' : 'web',
      card: random.pick(victim.cards),
      device,
      ip,
      standing: this.standing,
      step: 'drain',
      billingAddress: victim.addressHash,
    });
  }

  private sendAway({ victim, device, ip }: Break, amount: number, now: number): Attempt {
    const { random, skill, stage } = this.campaign;
    if (this.receiver === null || random.chance(bySkill(skill, [0.05, 0.2, 0.5])))
      this.receiver = crookedAccount(this.campaign, now);
    if (random.chance(PAYEE_ANNOUNCED_SHARE))
      stage.signal({ type: 'payee_added', account: victim.account, device, ip }, now);
    const { passesChallenge } = this.standing;
    return sendMoney(this.campaign, {
      payer: victim,
      payeeAccount: this.receiver.account,
      amount,
      device,
      ip,
      passesChallenge,
      step: 'drain',
    });
  }

  private learn(entered: Break, verdict: Verdict, now: number): void {
    const { random, skill, stage } = this.campaign;
    let waitHours = random.exponential(bySkill(skill, [0.15, 2, 14]));
    if (!verdict.completed) {
      entered.refusals += 1;
      entered.piecesLeft += 1;
      entered.amountUnits /= 2;
      waitHours += random.between(
        ...bySkill<[number, number]>(skill, [
          [0.05, 0.5],
          [0.5, 4],
          [2, 9],
        ]),
      );
      if (entered.refusals >= MOST_REFUSALS) return;
    }
    stage.at(Math.floor(now + waitHours * HOUR_MS) + MINUTE_MS, (time) => this.drain(entered, time));
  }
}
