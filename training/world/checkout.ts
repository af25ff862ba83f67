/**
 * Owns what happens at a till between "pay" and the issuer's answer: checks of CVC and address,
 * authentication by the bank (3-D Secure), and what the issuer says. The same rules serve honest
 * customers and attackers; they differ only in what they know, their `Standing`.
 */
import type { Attempt, Authentication, Check, IssuerAnswer, Payer, Story } from './attempt.ts';
import type { Card } from './cards.ts';
import type { Device } from './devices.ts';
import type { Merchant } from './merchants.ts';
import type { IssuerParameters } from './parameters.ts';
import type { Random } from './random.ts';
import { PLATFORMS } from './user-agents.ts';

/** Chances, from 0 to 1, that the buyer passes each check when it is made. */
export interface Standing {
  readonly knowsCvc: number;
  readonly knowsAddress: number;
  readonly authenticates: number;
  readonly passesChallenge: number;
}

/** An owner now and then mistypes, or has the phone in another room. */
export const OWNER: Standing = {
  knowsCvc: 0.985,
  knowsAddress: 0.95,
  authenticates: 0.95,
  passesChallenge: 0.88,
};

export interface Checkout {
  readonly payer: Payer;
  readonly merchant: Merchant;
  readonly amount: number;
  readonly channel: Attempt['channel'];
  readonly card: Card;
  readonly wallet: string | null;
  readonly device: Device | null;
  readonly ip: string | null;
  readonly group: string;
  readonly billingAddress: string | null;
  readonly shippingCountry: string | null;
  readonly shippingAddress: string | null;
  readonly standing: Standing;
  readonly story: Story;
}

export interface Till {
  readonly random: Random;
  readonly issuer: IssuerParameters;
}

/** Below this, in minor units, banks in Europe may skip authentication (PSD2 RTS, article 16). */
const LOW_VALUE = 3_000;
const ASKED_BELOW_LOW_VALUE = 0.2;

export function attemptAt(till: Till, checkout: Checkout): Attempt {
  const { standing, ...rest } = checkout;
  const online =
    checkout.channel === 'web' || checkout.channel === 'app' || checkout.channel === 'verification';
  const cvc = online ? cvcCheck(till, standing) : 'unchecked';
  const avs = online ? addressCheck(till, standing) : 'unchecked';
  const authentication = online ? authenticationOf(till, checkout) : null;
  return {
    ...rest,
    creditor: checkout.merchant.account,
    initiator: checkout.channel === 'recurring' ? 'merchant' : 'customer',
    cvc,
    avs,
    authentication,
    issuer: issuerAnswer(till, checkout, { cvc, authentication }),
    challengePasses: till.random.chance(standing.passesChallenge),
  };
}

function cvcCheck(till: Till, standing: Standing): Check {
  const kind = till.random.unit();
  if (kind < 0.22) return 'unchecked';
  if (kind < 0.235) return 'unavailable';
  return till.random.chance(standing.knowsCvc) ? 'pass' : 'fail';
}

function addressCheck(till: Till, standing: Standing): Check {
  const kind = till.random.unit();
  if (kind < 0.62) return 'unchecked';
  if (kind < 0.7) return 'unavailable';
  return till.random.chance(standing.knowsAddress) ? 'pass' : 'fail';
}

function authenticationOf(till: Till, checkout: Checkout): Authentication | null {
  const low = checkout.amount < LOW_VALUE;
  const asked = checkout.merchant.authenticates * (low ? ASKED_BELOW_LOW_VALUE : 1);
  if (!till.random.chance(asked)) return null;
  if (till.random.chance(0.06)) return { result: 'attempted', liabilityShifted: true };
  if (!till.random.chance(checkout.standing.authenticates))
    return { result: 'failed', liabilityShifted: false };
  return { result: 'authenticated', liabilityShifted: till.random.chance(0.95) };
}

interface Checks {
  readonly cvc: Check;
  readonly authentication: Authentication | null;
}

function issuerAnswer(till: Till, checkout: Checkout, checks: Checks): IssuerAnswer {
  const { random, issuer } = till;
  if (checkout.card.state === 'invalid') return declined('14');
  if (checkout.card.state === 'blocked') return declined('43');
  if (checks.cvc === 'fail' && random.chance(0.9)) return declined('82');
  if (checks.authentication?.result === 'failed' && random.chance(0.9)) return declined('05');
  if (random.chance(issuer.noFundsShare)) return declined('51');
  if (random.chance(issuer.unexplainedShare)) return declined('05');
  if (checkout.card.country !== checkout.merchant.country && random.chance(issuer.abroadShare))
    return declined('05');
  return { approved: true, code: '00' };
}

function declined(code: IssuerAnswer['code']): IssuerAnswer {
  return { approved: false, code };
}

/** Phones whose hardware vouches for them pay by the wallet of their maker. */
export function walletOf(device: Device | null, card: Card): string | null {
  if (device === null || device.assurance !== 'hardware' || card.funding === 'prepaid') return null;
  return PLATFORMS[device.platform]?.name === 'iphone' ? 'apple_pay' : 'google_pay';
}
