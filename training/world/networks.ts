/**
 * Owns addresses: who is seen behind which IP, and when it changes. A line at home has an address
 * for days or months, thousands share a carrier's, an office shares one, hotels and VPN exits see
 * strangers, and what criminals rent as a "residential proxy" is somebody's home. An address is a
 * function of who asks and when; nothing is stored.
 */
import { COUNTRIES, DATA_CENTRES, countryOf } from './countries.ts';
import type { Country } from './countries.ts';
import { hashNumbers } from './random.ts';

const DAY_MS = 86_400_000;
/** Exits per VPN provider and country; each is shared by everybody who chose that exit. */
const VPN_EXITS = 12;

interface Range {
  readonly first: number;
  readonly size: number;
}

/** Where a home is connected; `changesAfterDays` is how long it keeps an IPv4 address. */
export interface HomeLine {
  readonly country: Country;
  readonly key: number;
  readonly ipv6: boolean;
  readonly changesAfterDays: number;
}

export interface MobileLine {
  readonly country: Country;
  /** Addresses that the carrier shares out among all its customers here. */
  readonly poolSize: number;
  readonly key: number;
}

function parseRange(text: string): Range {
  const [address, bits] = text.split('/');
  const first = (address ?? '').split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return { first, size: 2 ** (32 - Number(bits)) };
}

const fixedRanges = new Map(COUNTRIES.map((each) => [each.code, each.fixed.map(parseRange)]));
const mobileRanges = new Map(COUNTRIES.map((each) => [each.code, each.mobile.map(parseRange)]));
const dataCentreRanges = DATA_CENTRES.map(([range]) => parseRange(range));

/** The address that a hash falls on; last bytes 0 and 255 are left out, as in most networks. */
function addressIn(ranges: readonly Range[], hash: number): string {
  const range = ranges[hash % ranges.length];
  if (range === undefined) throw new Error('a country without address ranges');
  const offset = hashNumbers(hash, 17) % range.size;
  const number = range.first + offset;
  const last = 1 + ((number % 256) % 254);
  return `${Math.floor(number / 2 ** 24)}.${Math.floor(number / 2 ** 16) % 256}.${Math.floor(number / 256) % 256}.${last}`;
}

const hex = (value: number): string => (1 + (value % 0xfffe)).toString(16);

/** The /64 belongs to the home, the rest changes daily (privacy extensions, RFC 8981). */
function ipv6Address(prefix: string, home: number, day: number): string {
  const host = hashNumbers(home, day, 6);
  const interfaceId = hashNumbers(host, 7);
  return `${prefix}:${hex(home >>> 16)}:${hex(home & 0xffff)}:${hex(host >>> 16)}:${hex(host & 0xffff)}:${hex(interfaceId >>> 16)}:${hex(interfaceId & 0xffff)}`;
}

export function homeAddress(line: HomeLine, time: number): string {
  const day = Math.floor(time / DAY_MS);
  if (line.ipv6 && line.country.ipv6 !== null) return ipv6Address(line.country.ipv6, line.key, day);
  const lease = Math.floor((day + (line.key % 97)) / line.changesAfterDays);
  return addressIn(fixedRanges.get(line.country.code) ?? [], hashNumbers(line.key, lease));
}

/** Phones get another of the carrier's shared addresses every few hours. */
export function mobileAddress(line: MobileLine, time: number): string {
  const sixHours = Math.floor(time / (DAY_MS / 4));
  const slot = hashNumbers(line.key, sixHours) % line.poolSize;
  return addressIn(mobileRanges.get(line.country.code) ?? [], hashNumbers(slot, 4_000_037));
}

/** One address for everybody who works (or stays, or studies) there. */
export function sharedAddress(countryCode: string, site: number): string {
  return addressIn(fixedRanges.get(countryCode) ?? [], hashNumbers(site, 5_000_011));
}

/** An exit of a VPN provider, as travellers and the careful use it, honest or not. */
export function vpnAddress(choice: number): string {
  const exit = choice % VPN_EXITS;
  return addressIn(dataCentreRanges, hashNumbers(exit, 6_000_011));
}

/** A rented machine: cheap, and few people shop from one. */
export function rentedMachineAddress(choice: number): string {
  return addressIn(dataCentreRanges, hashNumbers(choice, 7_000_003));
}

/** Somebody's home line in that country, lent out: cannot be told from a home by its range. */
export function residentialProxyAddress(countryCode: string, choice: number): string {
  return addressIn(fixedRanges.get(countryOf(countryCode).code) ?? [], hashNumbers(choice, 8_000_009));
}
