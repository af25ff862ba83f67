/**
 * Countries and autonomous systems of addresses, from the dated tables of two packages: countries
 * from the statistics of the regional registries, systems from RouteViews and DB-IP (all CC BY 4.0,
 * see NOTICE). Both are sorted lists of ranges, `first,last,value` in decimal digits.
 *
 * They are read when the first address is looked up: a million ranges, 21 MB in memory. IPv6 ranges
 * are kept by their upper 48 bits.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { IpAddress } from '#src/domain/ip-address.ts';
import type { IpOrigin, IpTable } from '#src/ports/ip-table.ts';

const COUNTRIES = '@ip-location-db/geo-whois-asn-country';
const SYSTEMS = '@ip-location-db/asn';
const NEWLINE = 10;
const COMMA = 44;
const ZERO = 48;
const LETTER_A = 65;
const LETTERS = 26;
/** Numbers of 128 bits are added up in limbs of 16 bits, nine decimal digits at a time. */
const LIMBS = 8;
const LIMB = 65_536;
const CHUNK_DIGITS = 9;

interface Ranges {
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** A country as the number of its two letters, or the number of a system. */
  readonly values: Uint32Array;
}

interface LoadedTable {
  readonly countries: Readonly<Record<4 | 6, Ranges>>;
  readonly systems: Readonly<Record<4 | 6, Ranges>>;
}

/** @throws when a package is not installed. The digest is read from the files at the first use of it. */
export function openIpLocationTable(): IpTable {
  const folders = { countries: packageFolder(COUNTRIES), systems: packageFolder(SYSTEMS) };
  const files = {
    countries4: join(folders.countries, 'geo-whois-asn-country-ipv4-num.csv'),
    countries6: join(folders.countries, 'geo-whois-asn-country-ipv6-num.csv'),
    systems4: join(folders.systems, 'asn-ipv4-num.csv'),
    systems6: join(folders.systems, 'asn-ipv6-num.csv'),
  };
  let digest: string | undefined;
  let loaded: LoadedTable | undefined;
  const load = (): LoadedTable => ({
    countries: { 4: readRanges(files.countries4, readCountry), 6: readRanges(files.countries6, readCountry) },
    systems: { 4: readRanges(files.systems4, readDigits), 6: readRanges(files.systems6, readDigits) },
  });
  return {
    name: `${COUNTRIES} and ${SYSTEMS}`,
    version: `${versionOf(folders.countries)} and ${versionOf(folders.systems)}`,
    get digest() {
      return (digest ??= digestOf(Object.values(files)));
    },
    originOf: (address) => originOf((loaded ??= load()), address),
  };
}

function originOf({ countries, systems }: LoadedTable, address: IpAddress): IpOrigin {
  const key = keyOf(address);
  const country = find(countries[address.version], key);
  return {
    country: country === undefined ? undefined : countryOf(country),
    autonomousSystem: find(systems[address.version], key) ?? 0,
  };
}

/** IPv4 as it is; IPv6 by its upper 48 bits, below which no network is announced. */
function keyOf({ version, words }: IpAddress): number {
  const [first = 0, second = 0] = words;
  return version === 4 ? first : first * LIMB + (second >>> 16);
}

function find({ first, last, values }: Ranges, key: number): number | undefined {
  let low = 0;
  let high = first.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((first[middle] ?? 0) <= key) low = middle + 1;
    else high = middle;
  }
  const at = low - 1;
  return at >= 0 && key <= (last[at] ?? 0) ? values[at] : undefined;
}

function readRanges(file: string, readValue: (bytes: Uint8Array, start: number) => number): Ranges {
  const readKey = file.includes('ipv6') ? readUpperBits : readDigits;
  const bytes = readFileSync(file);
  const lines = countLines(bytes);
  const ranges = {
    first: new Float64Array(lines),
    last: new Float64Array(lines),
    values: new Uint32Array(lines),
  };
  let start = 0;
  for (let line = 0; line < lines; line++) {
    const second = bytes.indexOf(COMMA, start) + 1;
    const third = bytes.indexOf(COMMA, second) + 1;
    ranges.first[line] = readKey(bytes, start);
    ranges.last[line] = readKey(bytes, second);
    ranges.values[line] = readValue(bytes, third);
    start = bytes.indexOf(NEWLINE, third) + 1;
  }
  return ranges;
}

/** The number whose digits begin at `start`. */
function readDigits(bytes: Uint8Array, start: number): number {
  let value = 0;
  for (let at = start; isDigit(bytes[at]); at++) value = value * 10 + (bytes[at] as number) - ZERO;
  return value;
}

const limbs = new Float64Array(LIMBS);

/** The upper 48 of the 128 bits of the number whose digits begin at `start`. */
function readUpperBits(bytes: Uint8Array, start: number): number {
  limbs.fill(0);
  let at = start;
  while (isDigit(bytes[at])) {
    let chunk = 0;
    let scale = 1;
    for (let digits = 0; digits < CHUNK_DIGITS && isDigit(bytes[at]); digits++, at++) {
      chunk = chunk * 10 + (bytes[at] as number) - ZERO;
      scale *= 10;
    }
    multiplyAndAdd(scale, chunk);
  }
  const [top = 0, next = 0, third = 0] = limbs.subarray(LIMBS - 3).toReversed();
  return (top * LIMB + next) * LIMB + third;
}

/** `limbs` hold the lowest 16 bits first. */
function multiplyAndAdd(factor: number, summand: number): void {
  let carry = summand;
  for (let i = 0; i < LIMBS; i++) {
    const product = (limbs[i] as number) * factor + carry;
    carry = Math.floor(product / LIMB);
    limbs[i] = product - carry * LIMB;
  }
}

/** Two letters as a number, and back. */
function readCountry(bytes: Uint8Array, start: number): number {
  return ((bytes[start] ?? 0) - LETTER_A) * LETTERS + (bytes[start + 1] ?? 0) - LETTER_A;
}

function countryOf(number: number): string {
  return String.fromCharCode(LETTER_A + Math.floor(number / LETTERS), LETTER_A + (number % LETTERS));
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte < ZERO + 10;
}

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

function packageFolder(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

function versionOf(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
    return String(manifest.version);
  throw new Error(`${folder} does not say its version`);
}

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex');
}
