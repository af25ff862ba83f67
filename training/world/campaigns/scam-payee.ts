/**
 * Scam payee: customers pay a criminal willingly, for goods that do not exist, an investment, a
 * "safe account". Device, line and habits are the customer's own, and they pass every challenge;
 * only the payee, the sum and the hurry are unusual. Stopped, some are talked into trying again.
 */
import { DAY_MS, HOUR_MS } from '#training/world/calendar.ts';
import type { Customer } from '#training/world/customers.ts';
import { addressOf, chooseDevice } from '#training/world/life/whereabouts.ts';
import { PAYEE_ANNOUNCED_SHARE } from '#training/world/life/person-payments.ts';
import { priceNear } from '#training/world/price.ts';
import { anyVictim, bySkill, crookedAccount, sendMoney } from './campaign.ts';
import type { Campaign } from './campaign.ts';

export const SCAM_PAYEE_PAYMENTS = 6.5;

const TALKED_ROUND_SHARE = 0.5;

interface Deception {
  readonly victim: Customer;
  readonly payee: Customer;
  amountUnits: number;
  paymentsLeft: number;
}

export function startScamPayee(campaign: Campaign, now: number): void {
  const { random, skill, stage } = campaign;
  const victims = random.integerBetween(1, bySkill(skill, [6, 8, 6]));
  const days = bySkill(skill, [2, 6, 14]);
  let payee = crookedAccount(campaign, now);
  for (let count = 0; count < victims; count += 1) {
    if (random.chance(bySkill(skill, [0.05, 0.25, 0.6]))) payee = crookedAccount(campaign, now);
    const deception: Deception = {
      victim: anyVictim(campaign),
      payee,
      amountUnits: random.logNormal(bySkill(skill, [160, 320, 420]), 0.9),
      paymentsLeft: 1 + random.weighted([0.6, 0.2, 0.12, 0.08]),
    };
    stage.at(Math.floor(now + random.unit() * days * DAY_MS), (time) => deceive(campaign, deception, time));
  }
}

function deceive(campaign: Campaign, deception: Deception, now: number): void {
  const { random, stage } = campaign;
  const { victim, payee } = deception;
  deception.paymentsLeft -= 1;
  const device = chooseDevice(victim);
  const ip = addressOf(victim, device, now);
  if (random.chance(PAYEE_ANNOUNCED_SHARE))
    stage.signal({ type: 'payee_added', account: victim.account, device, ip }, now);
  const attempt = sendMoney(campaign, {
    payer: victim,
    payeeAccount: payee.account,
    amount: priceNear(deception.amountUnits, random),
    device,
    ip,
    passesChallenge: 0.8,
    step: 'deceived',
  });
  stage.pay(attempt, now, (verdict, later) => {
    if (!verdict.completed && random.chance(TALKED_ROUND_SHARE)) {
      deception.amountUnits *= 0.6;
      deception.paymentsLeft += 1;
    } else if (!verdict.completed) return;
    if (deception.paymentsLeft <= 0) return;
    deception.amountUnits *= random.between(0.9, 1.8);
    stage.at(Math.floor(later + random.exponential(30) * HOUR_MS) + 60_000, (time) =>
      deceive(campaign, deception, time),
    );
  });
}
