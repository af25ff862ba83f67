/**
 * An entry of the block list or the allow list: a person's word on one card, device, address,
 * account or the like, with its reason, its owner and, where it has one, its end.
 *
 * Owns what an entry is and which entries are refused. Looking payments up is the decision stage's.
 */
import { formatAddressPrefix, parseAddressPrefix } from './address-prefix.ts';
import { formatIpAddress, parseIpAddress } from './ip-address.ts';

export const LIST_NAMES = ['block', 'allow'] as const;
export type ListName = (typeof LIST_NAMES)[number];

/**
 * `account` is the debtor, `creditor` the creditor; `prefix` is a range of addresses in CIDR form;
 * `country` is any that the payment states (card, billing, shipping, merchant); `email` is the hash.
 */
export const LIST_KINDS = [
  'card',
  'device',
  'ip',
  'prefix',
  'account',
  'creditor',
  'merchant',
  'country',
  'email',
  'bin',
] as const;
export type ListKind = (typeof LIST_KINDS)[number];

export interface ListEntry {
  readonly id: string;
  readonly list: ListName;
  readonly kind: ListKind;
  /** In the canonical form that `canonicalListValue` gives. */
  readonly value: string;
  readonly reason: string;
  /** The token that made it. */
  readonly owner: string;
  /** Shard time from which it no longer counts; absent when it has no end. */
  readonly expiresAt?: number;
  /** Position and record of the log where its value stands, and can be erased. */
  readonly addedIn: { readonly position: number; readonly record: number };
}

/** In each list; 400 bytes an entry, so the two stay below 200 MB. */
export const LIST_ENTRIES_MAX = 250_000;

/** A wider range would decide for a good part of the internet. */
const SHORTEST_PREFIX_V4 = 8;
const SHORTEST_PREFIX_V6 = 19;

/**
 * The value as entries and payments are compared by, or undefined when it is not one of its kind:
 * an address or range that cannot be read (or is wider than /8, IPv6 /19), a country that is not
 * two letters, a BIN that is not six to eight digits.
 */
export function canonicalListValue(kind: ListKind, value: string): string | undefined {
  if (kind === 'ip') {
    const address = parseIpAddress(value);
    return address && formatIpAddress(address);
  }
  if (kind === 'prefix') return canonicalPrefix(value);
  if (kind === 'country') return /^[A-Za-z]{2}$/.test(value) ? value.toUpperCase() : undefined;
  if (kind === 'bin') return /^\d{6,8}$/.test(value) ? value : undefined;
  return value === '' ? undefined : value;
}

/** Why the list may not hold entries of the kind, or undefined when it may. */
export function listKindProblem(list: ListName, kind: ListKind): string | undefined {
  if (list === 'allow' && (kind === 'country' || kind === 'bin')) {
    return `a ${kind} is too wide to be allowed; it can only be blocked`;
  }
  return undefined;
}

function canonicalPrefix(value: string): string | undefined {
  const prefix = parseAddressPrefix(value);
  if (!prefix) return undefined;
  const shortest = prefix.version === 4 ? SHORTEST_PREFIX_V4 : SHORTEST_PREFIX_V6;
  return prefix.bits < shortest ? undefined : formatAddressPrefix(prefix, prefix.bits);
}
