/**
 * Owns how much fraud there is: how many campaigns of each family, when each begins and with what
 * skill, so that without any resistance the wanted share of payments would be theirs.
 */
import { DAY_MS } from '#training/world/calendar.ts';
import { FAMILIES } from '#training/world/parameters.ts';
import type { Family, Skill } from '#training/world/parameters.ts';
import { Random } from '#training/world/random.ts';
import type { Stage } from '#training/world/stage.ts';
import { ACCOUNT_TAKEOVER_PAYMENTS, startAccountTakeover } from './account-takeover.ts';
import { BUST_OUT_PAYMENTS, startBustOut } from './bust-out.ts';
import type { Campaign } from './campaign.ts';
import { CARD_TESTING_PAYMENTS, startCardTesting } from './card-testing.ts';
import { DEVICE_FARM_PAYMENTS, startDeviceFarm } from './device-farm.ts';
import { MERCHANT_COLLUSION_PAYMENTS, startMerchantCollusion } from './merchant-collusion.ts';
import { MULE_CHAIN_PAYMENTS, startMuleChain } from './mule-chain.ts';
import { REFUND_ABUSE_PAYMENTS, startRefundAbuse } from './refund-abuse.ts';
import { SCAM_PAYEE_PAYMENTS, startScamPayee } from './scam-payee.ts';

interface Play {
  readonly start: (campaign: Campaign, now: number) => void;
  /** Mean number of payments of one campaign when nothing stops it; measured, to set the rate. */
  readonly payments: number;
}

const PLAYS: Readonly<Record<Family, Play>> = {
  card_testing: { start: startCardTesting, payments: CARD_TESTING_PAYMENTS },
  account_takeover: { start: startAccountTakeover, payments: ACCOUNT_TAKEOVER_PAYMENTS },
  device_farm: { start: startDeviceFarm, payments: DEVICE_FARM_PAYMENTS },
  bust_out: { start: startBustOut, payments: BUST_OUT_PAYMENTS },
  scam_payee: { start: startScamPayee, payments: SCAM_PAYEE_PAYMENTS },
  mule_chain: { start: startMuleChain, payments: MULE_CHAIN_PAYMENTS },
  refund_abuse: { start: startRefundAbuse, payments: REFUND_ABUSE_PAYMENTS },
  merchant_collusion: { start: startMerchantCollusion, payments: MERCHANT_COLLUSION_PAYMENTS },
};

const STREAM = 23;

/** Sets an alarm for the beginning of every campaign. */
export function directCampaigns(stage: Stage): void {
  const { fraud } = stage.parameters;
  const total = FAMILIES.reduce((sum, family) => sum + fraud.families[family], 0);
  FAMILIES.forEach((family, index) => {
    const random = new Random(stage.seed, STREAM, index);
    const wantedPayments = expectedPayments(stage) * fraud.share * (fraud.families[family] / total);
    const wanted = random.poisson(wantedPayments / PLAYS[family].payments);
    const count = fraud.everyFamily && fraud.families[family] > 0 ? Math.max(1, wanted) : wanted;
    for (let number = 0; number < count; number += 1) arrange(stage, family, index * 1_000_000 + number);
  });
}

function arrange(stage: Stage, family: Family, number: number): void {
  const random = new Random(stage.seed, STREAM + 1, number);
  const skill = skillFrom(random.weighted(stage.parameters.fraud.skills));
  const campaign: Campaign = { id: stage.mint.next('campaign_'), family, skill, random, stage };
  const begin = Math.floor(random.between(stage.startsAt + DAY_MS / 4, stage.endsAt - DAY_MS));
  stage.at(begin, (now) => PLAYS[family].start(campaign, now));
}

function skillFrom(index: number): Skill {
  return index === 0 ? 0 : index === 1 ? 1 : 2;
}

/**
 * What honest people will pay in all: the mean of a log-normal over people and days, newcomers for
 * half of the time, and what one payment draws after it (a second purchase, a retry).
 */
function expectedPayments(stage: Stage): number {
  const { people, days } = stage.parameters;
  const usual = people.paymentsOfDayMedian * Math.exp(people.paymentsOfDaySigma ** 2 / 2);
  const ofDay = usual * (1 - people.occasionalShare) + people.occasionalShare / 42;
  const joined = people.count * people.joinShareOfDay * days;
  const subscribed = (people.subscriptions * people.count * days) / 30;
  return 1.17 * (ofDay * (people.count + joined / 2) * days + joined) + subscribed;
}
