/**
 * Owns the knobs of a world. What each means and where its value comes from stands in README.md
 * beside this file; the sets that differ (training, evaluation, demo) are in parameter-sets.ts.
 */
import type { Season } from './calendar.ts';
import type { DeviceMix } from './devices.ts';
import type { MerchantParameters } from './merchants.ts';

export const FAMILIES = ['card_testing', 'account_takeover', 'device_farm'] as const;

export type Family = (typeof FAMILIES)[number];

/** How good an attacker is: 0 crude, 1 trained, 2 careful. */
export type Skill = 0 | 1 | 2;

/** Whose view of the payments: a wallet or card issuer, one shop behind a provider, a bank. */
export type Seat = 'wallet' | 'shop' | 'bank';

export interface FraudParameters {
  /** Share of payments that attackers try, when nothing stops them. */
  readonly share: number;
  /** How that share divides among the families, by payments. */
  readonly families: Readonly<Record<Family, number>>;
  /** Shares of crude, trained and careful attackers. */
  readonly skills: readonly [number, number, number];
  /** At least one campaign of each family, however short the world; for demonstrations. */
  readonly everyFamily: boolean;
}

export interface IssuerParameters {
  /** Declines of ordinary payments for lack of money. */
  readonly noFundsShare: number;
  /** Declines that nobody can explain. */
  readonly unexplainedShare: number;
  /** More declines when card and shop are in different countries. */
  readonly abroadShare: number;
}

export interface PeopleParameters {
  /** Customers at the start. */
  readonly count: number;
  /** Newcomers each day, as a share of `count`. */
  readonly joinShareOfDay: number;
  /** Payments a customer makes in a day: median and spread of the logarithm over customers. */
  readonly paymentsOfDayMedian: number;
  readonly paymentsOfDaySigma: number;
  /** Share of purchases at shops where the customer usually buys. */
  readonly favouriteShare: number;
  /** Countries they live in, and shares. */
  readonly countries: readonly (readonly [code: string, share: number])[];
  /** Share of days on which somebody is abroad. */
  readonly travelShare: number;
  /** Travellers and others who pay through a VPN. */
  readonly vpnShare: number;
  readonly newDeviceEveryDays: number;
  readonly storageClearedEveryDays: number;
  readonly movesEveryDays: number;
  /** Mean number of running subscriptions. */
  readonly subscriptions: number;
}

export interface WorldParameters {
  readonly name: string;
  readonly seat: Seat;
  /** RFC 3339. */
  readonly startsAt: string;
  readonly days: number;
  readonly people: PeopleParameters;
  readonly merchants: MerchantParameters;
  readonly devices: DeviceMix;
  readonly seasons: readonly Season[];
  readonly issuer: IssuerParameters;
  readonly fraud: FraudParameters;
}
