/**
 * Bust-out: somebody opens a credit line, buys and repays like anybody for weeks, and then within
 * days spends the whole limit on what can be sold on and is gone. Card, device and home are their
 * own; before the last days there is nothing to see, and that part is not marked as fraud.
 */
import type { Verdict } from '#training/world/attempt.ts';
import { DAY_MS, HOUR_MS } from '#training/world/calendar.ts';
import { OWNER } from '#training/world/checkout.ts';
import type { Customer } from '#training/world/customers.ts';
import { homeAddress } from '#training/world/networks.ts';
import { priceNear } from '#training/world/price.ts';
import { bySkill, purchase, sendMoney } from './campaign.ts';
import type { Campaign } from './campaign.ts';

export const BUST_OUT_PAYMENTS = 12;

const MOST_REFUSALS = 4;
/** Mean age of the credit line when the campaign begins; an assumption. */
const SLEPT_DAYS = 140;

interface Debtor {
  readonly person: Customer;
  readonly accomplice: Customer;
  amountUnits: number;
  refusals: number;
}

export function startBustOut(campaign: Campaign, now: number): void {
  const { random, skill, stage } = campaign;
  const accounts = random.integerBetween(1, bySkill(skill, [4, 3, 2]));
  for (let count = 0; count < accounts; count += 1) {
    const person = openCreditLine(campaign, now);
    stage.live(person, now);
    const lastDay = Math.min(
      now + random.between(5, bySkill(skill, [15, 30, 50])) * DAY_MS,
      stage.endsAt - 2 * DAY_MS,
    );
    stage.at(Math.floor(Math.max(lastDay, now + DAY_MS)), (time) => bust(campaign, person, time));
  }
}

function openCreditLine(campaign: Campaign, now: number): Customer {
  const { random, stage } = campaign;
  const newcomer = stage.makeNewcomer(now, random.uint32());
  const limit = (1_500 + 100 * random.below(45)) * 100;
  const createdAt = Math.floor(now - random.exponential(SLEPT_DAYS) * DAY_MS) - DAY_MS;
  const person = { ...newcomer, createdAt, purse: { ...newcomer.purse, limit } };
  stage.openAccount(person, now);
  return person;
}

function bust(campaign: Campaign, person: Customer, now: number): void {
  const { random, skill, stage } = campaign;
  const leftUnits = ((person.purse.limit ?? 0) - person.purse.owed) / 100;
  const pieces = random.integerBetween(
    ...bySkill<[number, number]>(skill, [
      [4, 8],
      [7, 14],
      [10, 22],
    ]),
  );
  const accomplice = stage.makeNewcomer(now, random.uint32());
  stage.openAccount(accomplice, now);
  spend(campaign, { person, accomplice, amountUnits: leftUnits / pieces, refusals: 0 }, now);
}

function spend(campaign: Campaign, debtor: Debtor, now: number): void {
  const { random, stage } = campaign;
  const { person } = debtor;
  const left = (person.purse.limit ?? 0) - person.purse.owed;
  const amount = Math.min(priceNear(debtor.amountUnits * random.between(0.6, 1.4), random), left);
  if (amount < 2_000) return;
  const device = random.pick(person.devices);
  const ip = homeAddress(person.home, now);
  const toPerson =
    stage.parameters.people.personShare > 0 && random.chance(stage.parameters.seat === 'bank' ? 0.7 : 0.2);
  const attempt = toPerson
    ? sendMoney(campaign, {
        payer: person,
        payeeAccount: debtor.accomplice.account,
        amount,
        device,
        ip,
        passesChallenge: 0.95,
        step: 'bust',
      })
    : purchase(campaign, {
        payer: person,
        merchant: stage.market.drawForResale(person.country, random),
        amount,
        channel: device.mobile ? 'app' : 'web',
        card: random.pick(person.cards),
        device,
        ip,
        standing: OWNER,
        step: 'bust',
        billingAddress: person.addressHash,
      });
  stage.pay(attempt, now, (verdict, later) => goOn(campaign, { debtor, verdict }, later));
}

function goOn(
  campaign: Campaign,
  { debtor, verdict }: { debtor: Debtor; verdict: Verdict },
  now: number,
): void {
  const { random, skill, stage } = campaign;
  if (!verdict.completed) {
    debtor.refusals += 1;
    debtor.amountUnits *= 0.6;
    if (debtor.refusals >= MOST_REFUSALS) return;
  }
  const waitHours = random.exponential(bySkill(skill, [1, 4, 9]));
  stage.at(Math.floor(now + (waitHours + 0.05) * HOUR_MS), (time) => spend(campaign, debtor, time));
}
