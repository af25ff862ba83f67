/** A range of IP addresses that share their first bits, written as in RFC 4632 (`203.0.113.0/24`). */
import { formatIpAddress, parseIpAddress, type IpAddress } from './ip-address.ts';

export interface AddressPrefix {
  readonly version: 4 | 6;
  readonly bits: number;
  /** The first address of the range. */
  readonly words: readonly number[];
}

/** A range in CIDR form, its host bits cleared; undefined when the text is none. */
export function parseAddressPrefix(text: string): AddressPrefix | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const address = match?.[1] === undefined ? undefined : parseIpAddress(match[1]);
  if (!address) return undefined;
  const bits = Number(match?.[2]);
  if (bits > address.words.length * 32) return undefined;
  return { version: address.version, bits, words: maskWords(address.words, bits) };
}

/** The range of the address's first `bits` bits, in its canonical text. */
export function formatAddressPrefix({ version, words }: IpAddress, bits: number): string {
  return `${formatIpAddress({ version, words: maskWords(words, bits) })}/${bits}`;
}

/** The words with all but the first `bits` cleared. */
export function maskWords(words: readonly number[], bits: number): readonly number[] {
  return words.map((word, index) => {
    const kept = Math.min(32, Math.max(0, bits - index * 32));
    return kept === 0 ? 0 : (word & (-1 << (32 - kept))) >>> 0;
  });
}
