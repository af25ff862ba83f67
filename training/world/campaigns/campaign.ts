/**
 * Owns what all campaigns share: who runs one, with what skill, from which machines and addresses.
 * Attackers draw devices from the same shares as everybody and goods from the same shops; what gives
 * them away is how they use them, and the careful give little away.
 */
import type { Attempt, Story } from '#training/world/attempt.ts';
import { DAY_MS } from '#training/world/calendar.ts';
import { attemptAt, walletOf } from '#training/world/checkout.ts';
import type { Checkout, Standing } from '#training/world/checkout.ts';
import { countryOf } from '#training/world/countries.ts';
import type { Customer } from '#training/world/customers.ts';
import { dressFor, makeDevice, wipe } from '#training/world/devices.ts';
import type { Device } from '#training/world/devices.ts';
import { rentedMachineAddress, residentialProxyAddress, vpnAddress } from '#training/world/networks.ts';
import type { Family, Skill } from '#training/world/parameters.ts';
import type { Random } from '#training/world/random.ts';
import type { Stage } from '#training/world/stage.ts';
import { transferOf } from '#training/world/transfer.ts';
import type { PersonTransfer } from '#training/world/transfer.ts';

export interface Campaign {
  readonly id: string;
  readonly family: Family;
  readonly skill: Skill;
  readonly random: Random;
  readonly stage: Stage;
}

/** Where crude attackers sit; their clocks and languages say so. */
const ATTACKER_COUNTRIES = ['RO', 'NG', 'VN', 'US', 'TR', 'PL', 'NL', 'DE', 'FR', 'GB'];

/** Stolen cards are put into the wallets of phones where the bank lets them be. */
const STOLEN_CARD_IN_WALLET_SHARE = 0.4;

/** Goods that go to a forwarder abroad. */
const FORWARDED_SHARES: readonly [number, number, number] = [0.2, 0.08, 0.02];

export function bySkill<T>(skill: Skill, values: readonly [T, T, T]): T {
  return values[skill];
}

export function storyOf(campaign: Campaign, step: string): Story {
  return { fraud: true, family: campaign.family, campaign: campaign.id, skill: campaign.skill, story: step };
}

/** The machine and the line that an attacker works from, until they change them. */
export class Hideout {
  private readonly campaign: Campaign;
  private readonly country: string;
  private machine: Device;
  private line: number;

  constructor(campaign: Campaign) {
    this.campaign = campaign;
    this.country = campaign.random.pick(ATTACKER_COUNTRIES);
    this.machine = this.anotherMachine();
    this.line = campaign.random.uint32();
  }

  /** The device as the payment shows it; the careful dress it for the victim's country. */
  deviceFor(country: string): Device {
    const { skill, random } = this.campaign;
    const dresses = random.chance(bySkill(skill, [0.15, 0.6, 0.97]));
    return dresses ? dressFor(this.machine, countryOf(country), this.campaign.stage.mint) : this.machine;
  }

  addressFor(country: string): string {
    const { skill, random } = this.campaign;
    const kind = random.weighted(
      bySkill(skill, [
        [0.5, 0.2, 0.3],
        [0.1, 0.4, 0.5],
        [0, 0.04, 0.96],
      ]),
    );
    if (kind === 0) return rentedMachineAddress(this.line);
    if (kind === 1) return vpnAddress(this.line);
    return residentialProxyAddress(skill === 0 ? this.country : country, this.line);
  }

  rotateDevice(): void {
    const { random, skill, stage } = this.campaign;
    const reset = random.chance(bySkill(skill, [0.8, 0.5, 0.2]));
    this.machine = reset ? wipe(this.machine, stage.mint) : this.anotherMachine();
  }

  rotateLine(): void {
    this.line = this.campaign.random.uint32();
  }

  private anotherMachine(): Device {
    const { stage, random } = this.campaign;
    return makeDevice(countryOf(this.country), { mint: stage.mint, random, mix: stage.parameters.devices });
  }
}

/** An account that the attacker opened; the patient buy aged ones. */
export function crookedAccount(campaign: Campaign, now: number): Customer {
  const { random, skill, stage } = campaign;
  const ageDays = random.exponential(bySkill(skill, [0.3, 8, 160]));
  const account = {
    ...stage.makeNewcomer(now, random.uint32()),
    createdAt: Math.floor(now - ageDays * DAY_MS) - 60_000,
  };
  stage.openAccount(account, now);
  return account;
}

/** Money straight from one account to another, as the attacker or the deceived customer sends it. */
export function sendMoney(campaign: Campaign, send: Send): Attempt {
  const { step, ...rest } = send;
  return transferOf(
    { ...rest, group: campaign.stage.mint.next('order_'), story: storyOf(campaign, step) },
    campaign.random,
  );
}

export function anyVictim(campaign: Campaign): Customer {
  return campaign.random.pick(campaign.stage.customers);
}

export type Send = Omit<PersonTransfer, 'group' | 'story'> & { readonly step: string };

export type Buy = Pick<Checkout, 'payer' | 'merchant' | 'amount' | 'card' | 'channel'> & {
  readonly device: Device | null;
  readonly ip: string | null;
  readonly standing: Standing;
  readonly step: string;
  readonly group?: string;
  readonly billingAddress?: string;
};

/** A purchase by an attacker: goods go to an address of theirs, if they are goods. */
export function purchase(campaign: Campaign, buy: Buy): Attempt {
  const { random, stage } = campaign;
  const { step, group, billingAddress, ...rest } = buy;
  const inPerson = buy.channel === 'verification' || buy.channel === 'pos';
  const ships = !inPerson && random.chance(buy.merchant.category.ships);
  const forwards = random.chance(bySkill(campaign.skill, FORWARDED_SHARES));
  const ownAddress = random.chance(bySkill(campaign.skill, [0.2, 0.4, 0.7]))
    ? (billingAddress ?? null)
    : null;
  return attemptAt(
    { random, issuer: stage.parameters.issuer },
    {
      ...rest,
      wallet: random.chance(STOLEN_CARD_IN_WALLET_SHARE) ? walletOf(buy.device, buy.card) : null,
      group: group ?? stage.mint.next('order_'),
      billingAddress: billingAddress ?? stage.mint.next('a_'),
      shippingCountry: ships ? (forwards ? random.pick(ATTACKER_COUNTRIES) : buy.payer.country) : null,
      shippingAddress: ships ? (ownAddress ?? stage.mint.next('a_')) : null,
      story: storyOf(campaign, step),
    },
  );
}
