/**
 * Owns the countries of the world: their clock, language and the address ranges of their networks.
 *
 * The IPv4 and IPv6 ranges are large public allocations; each lies to at least 95 % in its country
 * in the free table geo-whois-asn-country (CC0, June 2026), so a real address table agrees with the
 * world. The people behind the addresses are invented. Clocks ignore daylight saving time.
 */

export interface Country {
  readonly code: string;
  readonly timezone: string;
  readonly utcOffsetHours: number;
  readonly language: string;
  /** IPv4 ranges of lines to homes, offices and hotels. */
  readonly fixed: readonly string[];
  /** IPv4 ranges of mobile carriers, where thousands share an address. */
  readonly mobile: readonly string[];
  /** The first 32 bits of an IPv6 range for homes, where the country has one here. */
  readonly ipv6: string | null;
}

export const COUNTRIES: readonly Country[] = [
  {
    code: 'DE',
    timezone: 'Europe/Berlin',
    utcOffsetHours: 1,
    language: 'de-DE',
    fixed: ['79.192.0.0/10', '84.128.0.0/10', '93.192.0.0/10'],
    mobile: ['80.187.0.0/16', '109.40.0.0/13', '176.0.0.0/13'],
    ipv6: '2003:c7',
  },
  {
    code: 'FR',
    timezone: 'Europe/Paris',
    utcOffsetHours: 1,
    language: 'fr-FR',
    fixed: ['90.16.0.0/12', '86.192.0.0/11', '82.64.0.0/14'],
    mobile: ['92.184.96.0/19', '37.64.0.0/13'],
    ipv6: '2a01:cb00',
  },
  {
    code: 'ES',
    timezone: 'Europe/Madrid',
    utcOffsetHours: 1,
    language: 'es-ES',
    fixed: ['83.32.0.0/11', '88.0.0.0/11'],
    mobile: ['176.80.0.0/14', '95.120.0.0/14'],
    ipv6: '2a0c:5a80',
  },
  {
    code: 'IT',
    timezone: 'Europe/Rome',
    utcOffsetHours: 1,
    language: 'it-IT',
    fixed: ['79.0.0.0/10', '95.224.0.0/11'],
    mobile: ['151.18.0.0/16', '5.90.0.0/15'],
    ipv6: '2001:b07',
  },
  {
    code: 'NL',
    timezone: 'Europe/Amsterdam',
    utcOffsetHours: 1,
    language: 'nl-NL',
    fixed: ['77.160.0.0/12'],
    mobile: ['188.88.0.0/14'],
    ipv6: '2a02:a440',
  },
  {
    code: 'AT',
    timezone: 'Europe/Vienna',
    utcOffsetHours: 1,
    language: 'de-AT',
    fixed: ['80.108.0.0/15', '91.112.0.0/14'],
    mobile: ['178.112.0.0/14', '77.116.0.0/14'],
    ipv6: '2001:871',
  },
  {
    code: 'BE',
    timezone: 'Europe/Brussels',
    utcOffsetHours: 1,
    language: 'nl-BE',
    fixed: ['81.240.0.0/13', '91.176.0.0/13', '84.192.0.0/13'],
    mobile: ['37.184.0.0/15'],
    ipv6: '2a02:1810',
  },
  {
    code: 'IE',
    timezone: 'Europe/Dublin',
    utcOffsetHours: 0,
    language: 'en-IE',
    fixed: ['86.40.0.0/13', '89.100.0.0/15', '95.44.0.0/15'],
    mobile: ['213.233.128.0/19', '51.37.0.0/16'],
    ipv6: '2001:bb6',
  },
  {
    code: 'PT',
    timezone: 'Europe/Lisbon',
    utcOffsetHours: 0,
    language: 'pt-PT',
    fixed: ['85.240.0.0/13', '188.80.0.0/14'],
    mobile: ['87.196.0.0/16'],
    ipv6: '2001:8a0',
  },
  {
    code: 'FI',
    timezone: 'Europe/Helsinki',
    utcOffsetHours: 2,
    language: 'fi-FI',
    fixed: ['91.152.0.0/13', '84.248.0.0/14'],
    mobile: ['85.76.0.0/14'],
    ipv6: '2001:14ba',
  },
  {
    code: 'GB',
    timezone: 'Europe/London',
    utcOffsetHours: 0,
    language: 'en-GB',
    fixed: ['86.128.0.0/10', '81.128.0.0/11'],
    mobile: ['92.40.0.0/15', '188.28.0.0/14', '82.132.192.0/18'],
    ipv6: '2a00:23c5',
  },
  {
    code: 'PL',
    timezone: 'Europe/Warsaw',
    utcOffsetHours: 1,
    language: 'pl-PL',
    fixed: ['83.0.0.0/11', '79.184.0.0/13'],
    mobile: ['37.47.0.0/16'],
    ipv6: '2a01:110f',
  },
  {
    code: 'RO',
    timezone: 'Europe/Bucharest',
    utcOffsetHours: 2,
    language: 'ro-RO',
    fixed: ['86.120.0.0/13'],
    mobile: ['5.12.0.0/14'],
    ipv6: null,
  },
  {
    code: 'CH',
    timezone: 'Europe/Zurich',
    utcOffsetHours: 1,
    language: 'de-CH',
    fixed: ['85.0.0.0/13', '178.192.0.0/13'],
    mobile: ['188.60.0.0/14'],
    ipv6: '2a02:1205',
  },
  {
    code: 'SE',
    timezone: 'Europe/Stockholm',
    utcOffsetHours: 1,
    language: 'sv-SE',
    fixed: ['81.224.0.0/12', '90.224.0.0/12'],
    mobile: ['2.64.0.0/13'],
    ipv6: null,
  },
  {
    code: 'US',
    timezone: 'America/New_York',
    utcOffsetHours: -5,
    language: 'en-US',
    fixed: ['73.0.0.0/8'],
    mobile: ['172.32.0.0/11'],
    ipv6: '2601:646',
  },
  {
    code: 'TR',
    timezone: 'Europe/Istanbul',
    utcOffsetHours: 3,
    language: 'tr-TR',
    fixed: ['88.224.0.0/11', '78.160.0.0/11'],
    mobile: ['5.24.0.0/14'],
    ipv6: '2a02:e0',
  },
  {
    code: 'VN',
    timezone: 'Asia/Ho_Chi_Minh',
    utcOffsetHours: 7,
    language: 'vi-VN',
    fixed: ['113.160.0.0/11', '14.160.0.0/11'],
    mobile: ['27.64.0.0/12'],
    ipv6: '2405:4800',
  },
  {
    code: 'NG',
    timezone: 'Africa/Lagos',
    utcOffsetHours: 1,
    language: 'en-NG',
    fixed: ['197.210.0.0/16'],
    mobile: ['105.112.0.0/12'],
    ipv6: null,
  },
];

/** Ranges of hosting firms, where VPN exits and rented machines live: address range and country. */
export const DATA_CENTRES: readonly (readonly [range: string, country: string])[] = [
  ['88.198.0.0/16', 'DE'],
  ['78.46.0.0/15', 'DE'],
  ['85.17.0.0/16', 'NL'],
  ['178.62.128.0/17', 'NL'],
  ['185.107.56.0/22', 'NL'],
  ['193.138.218.0/24', 'SE'],
  ['178.62.0.0/17', 'GB'],
  ['3.80.0.0/12', 'US'],
];

const byCode = new Map(COUNTRIES.map((each) => [each.code, each]));

export function countryOf(code: string): Country {
  const found = byCode.get(code);
  if (found === undefined) throw new Error(`the world has no country ${code}`);
  return found;
}
