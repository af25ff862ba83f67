/**
 * The entries of one list, found by what a payment carries, with one look-up for each kind that has
 * entries.
 *
 * Follows events: adding and removing are what `ListEntryAdded` and `ListEntryRemoved` do. An entry
 * whose end has come (by shard time) is not found any more.
 */
import { LIST_ENTRIES_MAX, type ListEntry, type ListKind } from '#src/domain/list-entry.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import { PrefixIndex } from './prefix-index.ts';

/** Several entries may name the same value, with ends of their own. */
type EntriesByValue = Map<string, ListEntry[]>;

const BIN_LENGTHS = [6, 7, 8] as const;

export class ListIndex {
  /** In the order in which they were added, which a snapshot keeps. */
  readonly #byId = new Map<string, ListEntry>();
  readonly #byKind = new Map<ListKind, EntriesByValue>();
  readonly #prefixes: PrefixIndex = new PrefixIndex();

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
    if (entry.kind === 'prefix') this.#prefixes.add(entry);
    else this.#addValue(entry);
  }

  remove(id: string): void {
    const entry = this.#byId.get(id);
    if (!entry) return;
    this.#byId.delete(id);
    if (entry.kind === 'prefix') this.#prefixes.remove(entry);
    else this.#removeValue(entry);
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
      this.#prefixes.find(personal.ip, (entry) => !isOver(entry, shardTime)) ??
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

  #addValue(entry: ListEntry): void {
    const values: EntriesByValue = this.#byKind.get(entry.kind) ?? new Map<string, ListEntry[]>();
    this.#byKind.set(entry.kind, values);
    const same = values.get(entry.value);
    if (same) same.push(entry);
    else values.set(entry.value, [entry]);
  }

  #removeValue(entry: ListEntry): void {
    const values = this.#byKind.get(entry.kind);
    if (!values) return;
    const rest = (values.get(entry.value) ?? []).filter((one) => one.id !== entry.id);
    if (rest.length > 0) values.set(entry.value, rest);
    else values.delete(entry.value);
    if (values.size === 0) this.#byKind.delete(entry.kind);
  }
}

function isOver(entry: ListEntry, shardTime: number): boolean {
  return entry.expiresAt !== undefined && entry.expiresAt <= shardTime;
}
