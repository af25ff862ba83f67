/**
 * The entries of one list, found by what a payment carries. One look-up for each kind that has
 * entries; for ranges, one for each length of prefix that occurs.
 *
 * Follows events: adding and removing are what `ListEntryAdded` and `ListEntryRemoved` do. An entry
 * whose end has come (by shard time) is not found any more.
 */
import { formatAddressPrefix, parseAddressPrefix } from '#src/domain/address-prefix.ts';
import { parseIpAddress } from '#src/domain/ip-address.ts';
import { LIST_ENTRIES_MAX, type ListEntry, type ListKind } from '#src/domain/list-entry.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';

/** Several entries may name the same value, with ends of their own. */
type EntriesByValue = Map<string, ListEntry[]>;

const BIN_LENGTHS = [6, 7, 8] as const;

export class ListIndex {
  /** In the order in which they were added, which a snapshot keeps. */
  readonly #byId = new Map<string, ListEntry>();
  readonly #byKind = new Map<ListKind, EntriesByValue>();
  /** The prefix lengths that occur, `version * 1000 + bits`, with how many entries have each. */
  readonly #prefixLengths = new Map<number, number>();

  constructor(entries: Iterable<ListEntry> = []) {
    for (const entry of entries) this.add(entry);
  }

  /** Whether another entry fits at `shardTime`; entries past their end make room. */
  hasRoom(shardTime: number): boolean {
    if (this.#byId.size < LIST_ENTRIES_MAX) return true;
    return this.entries().some((entry) => isOver(entry, shardTime));
  }

  get(id: string): ListEntry | undefined {
    return this.#byId.get(id);
  }

  entries(): readonly ListEntry[] {
    return [...this.#byId.values()];
  }

  add(entry: ListEntry): void {
    this.remove(entry.id);
    this.#byId.set(entry.id, entry);
    const values = this.#valuesOf(entry.kind);
    const same = values.get(entry.value);
    if (same) same.push(entry);
    else values.set(entry.value, [entry]);
    if (entry.kind === 'prefix') this.#countPrefix(entry.value, 1);
  }

  remove(id: string): void {
    const entry = this.#byId.get(id);
    if (!entry) return;
    this.#byId.delete(id);
    const values = this.#valuesOf(entry.kind);
    const rest = (values.get(entry.value) ?? []).filter((one) => one.id !== id);
    if (rest.length > 0) values.set(entry.value, rest);
    else values.delete(entry.value);
    if (values.size === 0) this.#byKind.delete(entry.kind);
    if (entry.kind === 'prefix') this.#countPrefix(entry.value, -1);
  }

  /** Makes room by forgetting what has ended; nothing that is found changes. */
  dropEndedWhenFull(shardTime: number): void {
    if (this.#byId.size < LIST_ENTRIES_MAX) return;
    for (const entry of this.entries()) if (isOver(entry, shardTime)) this.remove(entry.id);
  }

  /** The first entry in force that names something of the payment; kinds in a fixed order. */
  find({ facts, personal }: PaymentRequest, shardTime: number): ListEntry | undefined {
    if (this.#byId.size === 0) return undefined;
    return (
      this.#entry('account', facts.debtor, shardTime) ??
      this.#entry('creditor', facts.creditor, shardTime) ??
      this.#entry('card', personal.cardId, shardTime) ??
      this.#entry('device', personal.device?.id, shardTime) ??
      this.#entry('email', personal.emailHash, shardTime) ??
      this.#entry('merchant', facts.merchant?.id, shardTime) ??
      this.#entry('ip', personal.ip, shardTime) ??
      this.#prefixEntry(personal.ip, shardTime) ??
      this.#binEntry(facts.card?.bin, shardTime) ??
      this.#countryEntry(facts, shardTime)
    );
  }

  #entry(kind: ListKind, value: string | undefined, shardTime: number): ListEntry | undefined {
    if (value === undefined) return undefined;
    return this.#byKind
      .get(kind)
      ?.get(value)
      ?.find((entry) => !isOver(entry, shardTime));
  }

  #binEntry(bin: string | undefined, shardTime: number): ListEntry | undefined {
    if (bin === undefined || !this.#byKind.has('bin')) return undefined;
    for (const length of BIN_LENGTHS) {
      const found = bin.length >= length ? this.#entry('bin', bin.slice(0, length), shardTime) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  #countryEntry(facts: PaymentRequest['facts'], shardTime: number): ListEntry | undefined {
    if (!this.#byKind.has('country')) return undefined;
    return (
      this.#entry('country', facts.card?.country, shardTime) ??
      this.#entry('country', facts.billing?.country, shardTime) ??
      this.#entry('country', facts.shipping?.country, shardTime) ??
      this.#entry('country', facts.merchant?.country, shardTime)
    );
  }

  /** Longest prefix first, so that the answer names the narrowest range. */
  #prefixEntry(ip: string | undefined, shardTime: number): ListEntry | undefined {
    if (ip === undefined || this.#prefixLengths.size === 0) return undefined;
    const address = parseIpAddress(ip);
    if (!address) return undefined;
    for (let bits = address.words.length * 32; bits > 0; bits--) {
      if (!this.#prefixLengths.has(address.version * 1_000 + bits)) continue;
      const found = this.#entry('prefix', formatAddressPrefix(address, bits), shardTime);
      if (found) return found;
    }
    return undefined;
  }

  #valuesOf(kind: ListKind): EntriesByValue {
    const found = this.#byKind.get(kind);
    if (found) return found;
    const values: EntriesByValue = new Map();
    this.#byKind.set(kind, values);
    return values;
  }

  #countPrefix(value: string, change: 1 | -1): void {
    const prefix = parseAddressPrefix(value);
    if (!prefix) throw new Error('a list entry holds a range that was not checked');
    const length = prefix.version * 1_000 + prefix.bits;
    const count = (this.#prefixLengths.get(length) ?? 0) + change;
    if (count > 0) this.#prefixLengths.set(length, count);
    else this.#prefixLengths.delete(length);
  }
}

function isOver(entry: ListEntry, shardTime: number): boolean {
  return entry.expiresAt !== undefined && entry.expiresAt <= shardTime;
}
