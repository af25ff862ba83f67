/**
 * Refund abuse: ordinary people, or gangs for hire, buy goods, keep them and get the money back with
 * stories of empty boxes. Each purchase is paid by its owner and looks like it; what stands out, if
 * anything, is how much of an account's money has come back before.
 */
import { DAY_MS, HOUR_MS } from '#training/world/calendar.ts';
import { OWNER } from '#training/world/checkout.ts';
import type { Customer } from '#training/world/customers.ts';
import { addressOf, chooseDevice } from '#training/world/life/whereabouts.ts';
import { priceAt } from '#training/world/merchants.ts';
import type { Merchant } from '#training/world/merchants.ts';
import { anyVictim, bySkill, purchase } from './campaign.ts';
import type { Campaign } from './campaign.ts';

export const REFUND_ABUSE_PAYMENTS = 15;

interface Abuser {
  readonly person: Customer;
  readonly shops: readonly Merchant[];
  purchasesLeft: number;
}

export function startRefundAbuse(campaign: Campaign, now: number): void {
  const { random, skill, stage } = campaign;
  const people = random.integerBetween(1, 3);
  for (let count = 0; count < people; count += 1) {
    const person = joinOrTurn(campaign, now);
    const shops = Array.from({ length: bySkill(skill, [1, 2, 5]) }, () =>
      stage.market.drawForResale(person.country, random),
    );
    const abuser = { person, shops, purchasesLeft: random.integerBetween(4, 14) };
    stage.at(Math.floor(now + random.unit() * 3 * DAY_MS), (time) => buyToReturn(campaign, abuser, time));
  }
}

/** Most are customers already; the others join for it. */
function joinOrTurn(campaign: Campaign, now: number): Customer {
  const { random, stage } = campaign;
  if (random.chance(0.6)) return anyVictim(campaign);
  const person = stage.makeNewcomer(now, random.uint32());
  stage.openAccount(person, now);
  return person;
}

function buyToReturn(campaign: Campaign, abuser: Abuser, now: number): void {
  const { random, skill, stage } = campaign;
  const { person } = abuser;
  abuser.purchasesLeft -= 1;
  const merchant = random.pick(abuser.shops);
  const device = chooseDevice(person);
  const amount = priceAt(merchant, person.wealth * random.between(0.9, 1.6), random);
  const attempt = purchase(campaign, {
    payer: person,
    merchant,
    amount,
    channel: device.mobile ? 'app' : 'web',
    card: random.pick(person.cards),
    device,
    ip: addressOf(person, device, now),
    standing: OWNER,
    step: 'buy_to_return',
    billingAddress: person.addressHash,
  });
  stage.pay(attempt, now, (verdict, later) => {
    const claims = random.chance(bySkill(skill, [0.9, 0.75, 0.55]));
    if (verdict.completed && claims) {
      stage.reverse(
        { paymentId: verdict.paymentId, amount, kind: 'refund' },
        Math.floor(later + random.between(2, 15) * DAY_MS),
      );
    }
    if (abuser.purchasesLeft <= 0) return;
    const waitHours = random.exponential(bySkill(skill, [20, 50, 100]));
    stage.at(Math.floor(later + waitHours * HOUR_MS), (time) => buyToReturn(campaign, abuser, time));
  });
}
