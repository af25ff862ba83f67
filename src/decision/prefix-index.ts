/**
 * List entries by range of addresses: one look-up for each prefix length that occurs, the longest
 * first, so that an address finds the narrowest range that covers it.
 */
import { maskWords, parseAddressPrefix, type AddressPrefix } from '#src/domain/address-prefix.ts';
import { parseIpAddress, type IpAddress } from '#src/domain/ip-address.ts';
import type { ListEntry } from '#src/domain/list-entry.ts';

/** The entries of one prefix length of one IP version, by the first address of their range. */
interface PrefixLength {
  readonly version: 4 | 6;
  readonly bits: number;
  readonly entries: Map<number | string, ListEntry[]>;
}

export class PrefixIndex {
  /** Longest first. */
  #lengths: readonly PrefixLength[] = [];

  add(entry: ListEntry): void {
    const prefix = prefixOf(entry);
    const { entries } = this.#lengthOf(prefix) ?? this.#addLength(prefix);
    const key = keyOf(prefix.words, prefix.bits);
    const same = entries.get(key);
    if (same) same.push(entry);
    else entries.set(key, [entry]);
  }

  remove(entry: ListEntry): void {
    const prefix = prefixOf(entry);
    const length = this.#lengthOf(prefix);
    if (!length) return;
    const key = keyOf(prefix.words, prefix.bits);
    const rest = (length.entries.get(key) ?? []).filter((one) => one.id !== entry.id);
    if (rest.length > 0) length.entries.set(key, rest);
    else length.entries.delete(key);
    if (length.entries.size === 0) this.#lengths = this.#lengths.filter((one) => one !== length);
  }

  /** The first entry that covers the address and that `isInForce` accepts. */
  find(ip: string | undefined, isInForce: (entry: ListEntry) => boolean): ListEntry | undefined {
    if (ip === undefined || this.#lengths.length === 0) return undefined;
    const address = parseIpAddress(ip);
    if (!address) return undefined;
    for (const { version, bits, entries } of this.#lengths) {
      const found = version === address.version && entries.get(keyOf(address.words, bits))?.find(isInForce);
      if (found) return found;
    }
    return undefined;
  }

  #lengthOf({ version, bits }: AddressPrefix): PrefixLength | undefined {
    return this.#lengths.find((one) => one.version === version && one.bits === bits);
  }

  #addLength({ version, bits }: AddressPrefix): PrefixLength {
    const length: PrefixLength = { version, bits, entries: new Map() };
    this.#lengths = [...this.#lengths, length].toSorted((a, b) => b.bits - a.bits);
    return length;
  }
}

/** IPv4 ranges are found by a number, which costs a fifth of a text. */
function keyOf(words: IpAddress['words'], bits: number): number | string {
  const [only = 0] = words;
  if (words.length > 1) return maskWords(words, bits).join(':');
  return bits === 0 ? 0 : (only & (-1 << (32 - bits))) >>> 0;
}

function prefixOf({ value }: ListEntry): AddressPrefix {
  const prefix = parseAddressPrefix(value);
  if (!prefix) throw new Error('a list entry holds a range that was not checked');
  return prefix;
}
