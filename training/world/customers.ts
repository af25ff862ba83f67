/**
 * Owns the people: where they live, what they hold, how often and when they pay. A customer is made
 * from a stream of their own and changes with time: moves house, gets a new phone, travels.
 */
import { DAY_MS } from './calendar.ts';
import type { Pace, Rhythm } from './calendar.ts';
import type { Payer, Purse } from './attempt.ts';
import { bankCountry, makeCard } from './cards.ts';
import type { Card } from './cards.ts';
import { countryOf } from './countries.ts';
import { makeDevice } from './devices.ts';
import type { Device, DeviceMix } from './devices.ts';
import type { Mint } from './mint.ts';
import type { Market, Merchant } from './merchants.ts';
import type { HomeLine, MobileLine } from './networks.ts';
import type { PeopleParameters } from './parameters.ts';
import { Random } from './random.ts';

/** A machine in a shop, a library or a hotel that strangers pay on, one after the other. */
export interface Kiosk {
  readonly device: Device;
  readonly site: number;
}

export interface Customer extends Payer {
  readonly random: Random;
  readonly pace: Pace;
  /** Spending against the median customer's. */
  readonly wealth: number;
  readonly cards: Card[];
  readonly devices: Device[];
  readonly favourites: Merchant[];
  readonly mobile: MobileLine;
  /** The site whose address they share at work or university, if any. */
  readonly office: number | null;
  readonly vpnHabit: boolean;
  /** Where they pay when not on a machine of their own, if ever. */
  readonly kiosk: Kiosk | null;
  addressHash: string;
  home: HomeLine;
  /** Abroad until then, when it lies ahead. */
  awayUntil: number;
  awayIn: string;
  lastPaidAt: number;
}

export interface CustomerMaker {
  readonly seed: number;
  readonly mint: Mint;
  readonly market: Market;
  readonly people: PeopleParameters;
  readonly deviceMix: DeviceMix;
  readonly startsAt: number;
}

const STREAM = 11;
const RHYTHMS = ['daytime', 'evening', 'night'] as const;
const RHYTHM_SHARES = [0.5, 0.42, 0.08];
const EMAIL_DOMAINS = [
  'gmail.com',
  'outlook.com',
  'icloud.com',
  'gmx.net',
  'yahoo.com',
  'proton.me',
  'web.de',
  'orange.fr',
];
const EMAIL_SHARES = [0.46, 0.16, 0.1, 0.08, 0.07, 0.03, 0.06, 0.04];
/** Customers behind one carrier address; carriers share each among hundreds or thousands (RFC 6269). */
const PEOPLE_PER_CARRIER_ADDRESS = 400;
/** Once in six weeks. */
const OCCASIONAL_OF_DAY = 1 / 42;
/** Nobody pays less often than this on average: the yearly customer is not simulated. */
const LONGEST_GAP_DAYS = 120;

export function makeCustomer(index: number, joinedAt: number | null, maker: CustomerMaker): Customer {
  const random = new Random(maker.seed, STREAM, index);
  const { people, mint } = maker;
  const [code] = people.countries[random.weighted(people.countries.map(([, share]) => share))] ?? ['DE'];
  const rhythm: Rhythm = RHYTHMS[random.weighted(RHYTHM_SHARES)] ?? 'daytime';
  const wealth = random.logNormal(1, 0.45);
  return {
    account: mint.next('customer:'),
    country: code,
    createdAt: joinedAt ?? maker.startsAt - Math.floor(random.exponential(700) * DAY_MS) - DAY_MS,
    emailHash: mint.next('e_'),
    emailDomain: EMAIL_DOMAINS[random.weighted(EMAIL_SHARES)] ?? 'gmail.com',
    phoneHash: mint.next('t_'),
    guest: random.chance(people.guestShare),
    purse: makePurse(wealth, random, people),
    random,
    pace: {
      rhythm,
      utcOffsetHours: countryOf(code).utcOffsetHours,
      meanGapMs: DAY_MS / paymentsOfDay(random, people),
      salaryDay: random.pick([1, 1, 15, 25, 27, 28]),
    },
    wealth,
    cards: makeCards(code, random, maker),
    devices: makeDevices(code, random, maker),
    favourites: makeFavourites(code, random, maker),
    mobile: mobileLine(code, random, maker),
    office: random.chance(0.4) ? random.below(Math.ceil(people.count / 25)) : null,
    vpnHabit: random.chance(people.vpnShare),
    kiosk: null,
    addressHash: mint.next('a_'),
    home: homeLine(code, random),
    awayUntil: 0,
    awayIn: code,
    lastPaidAt: 0,
  };
}

function paymentsOfDay(random: Random, people: PeopleParameters): number {
  const usual = random.logNormal(people.paymentsOfDayMedian, people.paymentsOfDaySigma);
  const occasional = random.logNormal(OCCASIONAL_OF_DAY, 0.25);
  return Math.max(
    1 / LONGEST_GAP_DAYS,
    random.chance(people.occasionalShare) ? Math.min(usual, occasional) : usual,
  );
}

/** Credit lines and overdrafts of one to several months' spending. */
function makePurse(wealth: number, random: Random, people: PeopleParameters): Purse {
  const limitUnits = Math.round(random.logNormal(2_600 * wealth, 0.5) / 100) * 100 + 300;
  if (!random.chance(people.creditLineShare)) return { limit: null, afterPayday: 0, owed: 0 };
  const afterPayday = Math.round(people.salaryUnits * wealth * random.between(0.7, 1.3)) * 100;
  return { limit: limitUnits * 100, afterPayday, owed: 0 };
}

function makeCards(country: string, random: Random, maker: CustomerMaker): Card[] {
  const count = 1 + random.weighted([0.48, 0.34, 0.13, 0.05]);
  return Array.from({ length: count }, () =>
    makeCard(bankCountry(country, maker.people.foreignCardShare, random), { mint: maker.mint, random }),
  );
}

function makeDevices(country: string, random: Random, maker: CustomerMaker): Device[] {
  const count = 1 + random.weighted([0.42, 0.4, 0.13, 0.05]);
  const deviceMaker = { mint: maker.mint, random, mix: maker.deviceMix };
  return Array.from({ length: count }, () => makeDevice(countryOf(country), deviceMaker));
}

function makeFavourites(country: string, random: Random, maker: CustomerMaker): Merchant[] {
  const count = random.integerBetween(3, 12);
  return Array.from({ length: count }, () => maker.market.draw(country, random));
}

function mobileLine(code: string, random: Random, maker: CustomerMaker): MobileLine {
  const share = maker.people.countries.find(([each]) => each === code)?.[1] ?? 0.1;
  const poolSize = Math.max(2, Math.ceil((share * maker.people.count) / PEOPLE_PER_CARRIER_ADDRESS));
  return { country: countryOf(code), poolSize, key: random.uint32() };
}

export function homeLine(code: string, random: Random): HomeLine {
  return {
    country: countryOf(code),
    key: random.uint32(),
    ipv6: random.chance(0.42),
    changesAfterDays: random.pick([1, 7, 30, 90, 365]),
  };
}

/** People with a limit keep well below it. */
export function canAfford({ purse }: Customer, amount: number): boolean {
  return purse.limit === null || purse.owed + amount < 0.9 * purse.limit;
}
