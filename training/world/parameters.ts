/**
 * Owns the knobs of a world. What each means and where its value comes from stands in README.md
 * beside this file; the sets that differ (training, evaluation, demo) are in parameter-sets.ts.
 */
import type { Season } from './calendar.ts';
import type { DeviceMix } from './devices.ts';
import type { MerchantParameters } from './merchants.ts';

export const FAMILIES = [
  'card_testing',
  'account_takeover',
  'device_farm',
  'bust_out',
  'scam_payee',
  'mule_chain',
  'refund_abuse',
  'merchant_collusion',
] as const;

export type Family = (typeof FAMILIES)[number];

/** How good an attacker is: 0 crude, 1 trained, 2 careful. */
export type Skill = 0 | 1 | 2;

/** Whose view of the payments: a wallet or card issuer, one shop behind a provider, a bank. */
export const SEATS = ['wallet', 'shop', 'bank'] as const;

export type Seat = (typeof SEATS)[number];

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

export interface LabelParameters {
  /** Of small fraud, how much is reported against larger. */
  readonly smallFraudReportedShare: number;
  /** Share of honest card payments that the customer disputes all the same. */
  readonly firstPartyDisputeShare: number;
  /** Reports that do not say what kind of fraud it was. */
  readonly kindUnknownShare: number;
  /** All delays times this. */
  readonly delayFactor: number;
  /** Of frauds, how many a reviewer lets pass, and of honest payments, how many they stop. */
  readonly reviewerMissesShare: number;
  readonly reviewerInsultsShare: number;
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
  /** People who pay about once in six weeks. */
  readonly occasionalShare: number;
  /** People who share home, and perhaps a card or a device, with somebody before them. */
  readonly householdShare: number;
  /** Share of payments that go to other people. */
  readonly personShare: number;
  /** Shoppers without an account of their own at the shop. */
  readonly guestShare: number;
  /** People with a credit line, which they pay back after payday. */
  readonly creditLineShare: number;
  /** Money of one's own after payday, in units of currency, for the median person; 0 for credit only. */
  readonly salaryUnits: number;
  readonly newCardEveryDays: number;
  /** Of cards, those of a bank in another country than their owner's. */
  readonly foreignCardShare: number;
  /** People who now and then pay on a machine that is there for everybody. */
  readonly kioskShare: number;
  /** Sums that come from elsewhere in 30 days, for each person; many are passed on at once. */
  readonly windfallsOfMonth: number;
  /** Of newcomers, those who registered long before their first payment. */
  readonly dormantShare: number;
  /** Flash sales in 30 days, and the share of all people whom one draws. */
  readonly flashSalesOfMonth: number;
  readonly flashSaleDraw: number;
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
  readonly labels: LabelParameters;
  readonly fraud: FraudParameters;
}
