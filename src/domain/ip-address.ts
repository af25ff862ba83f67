/**
 * IP addresses as numbers. IPv4 has one 32-bit word, IPv6 four, the first one highest. An IPv4
 * address mapped into IPv6 (`::ffff:1.2.3.4`) is the IPv4 address.
 *
 * Owns reading (RFC 4291, strict: no octal, no zone) and the canonical text (RFC 5952).
 */

export interface IpAddress {
  readonly version: 4 | 6;
  /** Unsigned 32-bit words: one for IPv4, four for IPv6. */
  readonly words: readonly number[];
}

/** The longest text of an address: eight groups of four digits, the last two as IPv4. */
const LONGEST_TEXT = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;

/** The address that the text names, or undefined when it names none. */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  if (!text.includes(':')) {
    const word = parseIpv4(text);
    return word === undefined ? undefined : { version: 4, words: [word] };
  }
  const groups = parseIpv6Groups(text);
  return groups && unmapped(wordsOfGroups(groups));
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
export function formatIpAddress({ version, words }: IpAddress): string {
  if (version === 4) return formatIpv4(words[0] ?? 0);
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function parseIpv4(text: string): number | undefined {
  let word = 0;
  let octet = -1;
  let octets = 0;
  for (let i = 0; i <= text.length; i++) {
    const code = i === text.length ? DOT : text.charCodeAt(i);
    if (code === DOT) {
      if (octet < 0 || octets === 4) return undefined;
      word = word * 256 + octet;
      octets++;
      octet = -1;
    } else if (code >= ZERO && code <= NINE && octet !== 0) {
      octet = (octet < 0 ? 0 : octet) * 10 + code - ZERO;
      if (octet > 255) return undefined;
    } else {
      return undefined;
    }
  }
  return octets === 4 ? word : undefined;
}

function parseIpv6Groups(text: string): readonly number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1) return missing === 0 ? head : undefined;
  return missing > 0 ? [...head, ...Array.from({ length: missing }, () => 0), ...tail] : undefined;
}

/** Groups of up to four hexadecimal digits; the last two may be written as IPv4 where it `endsAddress`. */
function parseGroups(text: string, endsAddress: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const word = endsAddress && index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (word === undefined) return undefined;
      groups.push(word >>> 16, word & 0xffff);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function wordsOfGroups(groups: readonly number[]): readonly number[] {
  return [0, 2, 4, 6].map((i) => (groups[i] ?? 0) * 0x10000 + (groups[i + 1] ?? 0));
}

function unmapped(words: readonly number[]): IpAddress {
  const [first, second, third, fourth = 0] = words;
  const mapped = first === 0 && second === 0 && third === 0xffff;
  return mapped ? { version: 4, words: [fourth] } : { version: 6, words };
}

function formatIpv4(word: number): string {
  return [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255].join('.');
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let i = 0; i <= groups.length; i++) {
    if (groups[i] === 0) continue;
    if (i - start > best.length) best = { start, length: i - start };
    start = i + 1;
  }
  return best;
}
