/**
 * Merchant collusion: a shop that exists to charge stolen cards, or those of accomplices who will
 * dispute later. The shop is the attacker, so its terminal says what it likes: some payments come
 * without a device, and every check passes. It looks like a young shop that is doing well.
 */
import { DAY_MS, localHour } from '#training/world/calendar.ts';
import type { Standing } from '#training/world/checkout.ts';
import type { Customer } from '#training/world/customers.ts';
import { CATEGORIES } from '#training/world/merchant-categories.ts';
import { makeMerchant } from '#training/world/merchants.ts';
import type { Merchant } from '#training/world/merchants.ts';
import { priceNear } from '#training/world/price.ts';
import { anyVictim, bySkill, Hideout, purchase } from './campaign.ts';
import type { Campaign } from './campaign.ts';

export const MERCHANT_COLLUSION_PAYMENTS = 32;

/** The shop types in what passes. */
const STANDING: Standing = { knowsCvc: 0.97, knowsAddress: 0.9, authenticates: 0.5, passesChallenge: 0.1 };

interface Front {
  readonly campaign: Campaign;
  readonly shop: Merchant;
  readonly hideout: Hideout;
  readonly ticketUnits: number;
  refusedInARow: number;
}

export function startMerchantCollusion(campaign: Campaign, now: number): void {
  const { random, skill, stage } = campaign;
  const shop = openShop(campaign, now);
  const front: Front = {
    campaign,
    shop,
    hideout: new Hideout(campaign),
    ticketUnits: random.logNormal(85, 0.4),
    refusedInARow: 0,
  };
  const payments = Math.ceil(random.logNormal(bySkill(skill, [50, 45, 35]), 0.3));
  const days = bySkill(skill, [2, 6, 16]);
  for (let count = 0; count < payments; count += 1) {
    stage.at(Math.floor(now + random.unit() * days * DAY_MS), (time) => charge(front, time));
  }
}

function openShop(campaign: Campaign, now: number): Merchant {
  const { random, stage } = campaign;
  const category = random.pick(CATEGORIES.filter((each) => each.inStoreShare < 0.9));
  const shop = makeMerchant(
    { country: anyVictim(campaign).country, category, fame: 0, international: true, laxShare: 0.8 },
    { mint: stage.mint, random },
  );
  stage.openShop(shop, now);
  return shop;
}

function charge(front: Front, now: number): void {
  const { campaign, shop, hideout } = front;
  const { random, skill, stage } = campaign;
  const victim = anyVictim(campaign);
  const asleep = localHour(now, victim.pace.utcOffsetHours) < 7;
  if (
    front.refusedInARow >= bySkill(skill, [15, 10, 7]) ||
    (asleep && random.chance(bySkill(skill, [0.2, 0.7, 0.95])))
  )
    return;
  const present = random.chance(0.45);
  if (!present) hideout.rotateDevice();
  if (!present) hideout.rotateLine();
  const attempt = purchase(campaign, {
    payer: victim,
    merchant: shop,
    amount: ticketOf(front, victim),
    channel: present ? 'pos' : 'web',
    card: random.pick(victim.cards),
    device: present ? null : hideout.deviceFor(victim.country),
    ip: present ? null : hideout.addressFor(victim.country),
    standing: STANDING,
    step: 'charge',
    billingAddress: victim.addressHash,
  });
  stage.pay(attempt, now, (verdict) => {
    front.refusedInARow = verdict.completed ? 0 : front.refusedInARow + 1;
  });
}

function ticketOf({ campaign, ticketUnits }: Front, victim: Customer): number {
  const { random, skill } = campaign;
  const level = bySkill(skill, [1, 1, victim.wealth]);
  return priceNear(random.logNormal(ticketUnits * level, bySkill(skill, [0.15, 0.4, 0.7])), random);
}
