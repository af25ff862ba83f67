/**
 * Makes the keys of a payment's entities with SipHash-2-4 and a key that stays outside log and
 * histories. Runs once for each payment, where requests are read.
 *
 * Addresses: an IPv4 address is itself and its /24 network, an IPv6 address its /64 and its /48,
 * because a /64 is what one customer is given.
 */
import type { EntityKind } from '#src/domain/entity.ts';
import { parseIpAddress } from '#src/domain/ip-address.ts';
import type { IpAddress } from '#src/domain/ip-address.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';
import type { EntityKeyer, SignalEntities } from '#src/ports/entity-keyer.ts';
import type { IpTable } from '#src/ports/ip-table.ts';
import {
  AUTONOMOUS_SYSTEM_WORD,
  countryNumber,
  ID_WORD,
  KEY_BYTES,
  packTraits,
  SLOTS,
  TIMEZONE_BITS,
  TRAITS_WORD,
} from './key-layout.ts';
import { createSipHash } from './sip-hash.ts';
import type { SipHash } from './sip-hash.ts';

/** What is hashed before the text, so that an account and a card of one name have different keys. Never changed. */
const PREFIXES: Readonly<Record<EntityKind | 'payment' | 'timezone', number>> = {
  account: 1,
  creditor: 2,
  card: 3,
  device: 4,
  ip: 5,
  ipNetwork: 6,
  merchant: 7,
  email: 8,
  bin: 9,
  payment: 10,
  timezone: 11,
};

/** Longest text that is hashed; fields are shorter by their schemas. UTF-8 needs up to three bytes a unit. */
const TEXT_UNITS_MAX = 1024;
const BUFFER_BYTES = 3 * TEXT_UNITS_MAX + 16;

export interface EntityKeyerSettings {
  /** 16 bytes. */
  readonly key: Uint8Array;
  /** Without one, country and autonomous system of addresses are not known. */
  readonly ipTable?: IpTable;
}

export function createEntityKeyer({ key, ipTable }: EntityKeyerSettings): EntityKeyer {
  const writer = new KeyWriter(createSipHash(key), ipTable);
  return {
    ofPayment: (request) => writer.ofPayment(request),
    ofSignal: (signal) => writer.ofSignal(signal),
    ofEntity: (kind, id) => writer.ofEntity(kind, id),
  };
}

class KeyWriter {
  readonly #hash: SipHash;
  readonly #ipTable: IpTable | undefined;
  readonly #input = { bytes: new Uint8Array(BUFFER_BYTES), length: 0 };
  readonly #encoder = new TextEncoder();
  readonly #short = new Uint32Array(2);
  #words = new Uint32Array(KEY_BYTES / 4);

  constructor(hash: SipHash, ipTable: IpTable | undefined) {
    this.#hash = hash;
    this.#ipTable = ipTable;
  }

  ofPayment({ facts, personal }: PaymentRequest): Uint8Array {
    this.#begin();
    this.#put('account', facts.debtor, SLOTS.account);
    this.#put('creditor', facts.creditor, SLOTS.creditor);
    this.#put('creditor', facts.debtor, SLOTS.debtorAsCreditor);
    this.#put('account', facts.creditor, SLOTS.creditorAsAccount);
    this.#putSent('merchant', facts.merchant?.id);
    this.#putSent('bin', facts.card?.bin);
    this.#putSent('card', personal.cardId);
    this.#putSent('device', personal.device?.id);
    this.#putSent('email', personal.emailHash);
    this.#put('payment', facts.id, ID_WORD / 2);
    const country = personal.ip === undefined ? 0 : this.#putAddress(personal.ip);
    this.#words[TRAITS_WORD] = packTraits(country, this.#timezone(personal.device?.timezone));
    return this.#finish();
  }

  ofSignal({ account, device, ip }: SignalEntities): Uint8Array {
    this.#begin();
    this.#put('account', account, SLOTS.account);
    this.#putSent('device', device);
    if (ip !== undefined) this.#putAddress(ip);
    return this.#finish();
  }

  ofEntity(kind: EntityKind, id: string): Uint8Array {
    this.#begin();
    if (kind === 'ip' || kind === 'ipNetwork') {
      this.#putAddress(id);
      const other = kind === 'ip' ? SLOTS.ipNetwork : SLOTS.ip;
      this.#words.fill(0, 2 * other, 2 * other + 2);
      this.#words[AUTONOMOUS_SYSTEM_WORD] = 0;
    } else {
      this.#put(kind, id, SLOTS[kind]);
    }
    return this.#finish();
  }

  #begin(): void {
    this.#words = new Uint32Array(KEY_BYTES / 4);
  }

  #finish(): Uint8Array {
    return new Uint8Array(this.#words.buffer);
  }

  #putSent(kind: EntityKind, id: string | undefined): void {
    if (id !== undefined && id !== '') this.#put(kind, id, SLOTS[kind]);
  }

  #put(kind: keyof typeof PREFIXES, text: string, slot: number): void {
    this.#load(kind, text);
    this.#store(slot);
  }

  /** Writes both keys of an address; returns the number of its country. */
  #putAddress(text: string): number {
    const address = parseIpAddress(text);
    if (!address) return 0;
    const [first = 0, second = 0] = address.words;
    const isIpv4 = address.version === 4;
    this.#loadWords('ip', isIpv4 ? [first] : [first, second]);
    this.#store(SLOTS.ip);
    this.#loadWords('ipNetwork', isIpv4 ? [(first & ~0xff) >>> 0] : [first, (second & ~0xffff) >>> 0]);
    this.#store(SLOTS.ipNetwork);
    return this.#origin(address);
  }

  #origin(address: IpAddress): number {
    if (!this.#ipTable) return 0;
    const { country, autonomousSystem } = this.#ipTable.originOf(address);
    this.#words[AUTONOMOUS_SYSTEM_WORD] = autonomousSystem;
    return countryNumber(country);
  }

  /** A short token: equal zones have equal ones, and one zone in 4,095 pairs shares another's. */
  #timezone(name: string | undefined): number {
    if (name === undefined || name === '') return 0;
    this.#load('timezone', name);
    this.#hash(this.#input, this.#short, 0);
    return ((this.#short[0] ?? 0) % ((1 << TIMEZONE_BITS) - 1)) + 1;
  }

  #load(kind: keyof typeof PREFIXES, text: string): void {
    const { bytes } = this.#input;
    const units = Math.min(text.length, TEXT_UNITS_MAX);
    bytes[0] = PREFIXES[kind];
    for (let i = 0; i < units; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) {
        this.#input.length = 1 + this.#encoder.encodeInto(text.slice(0, units), bytes.subarray(1)).written;
        return;
      }
      bytes[i + 1] = unit;
    }
    this.#input.length = units + 1;
  }

  #loadWords(kind: 'ip' | 'ipNetwork', words: readonly number[]): void {
    const { bytes } = this.#input;
    bytes[0] = PREFIXES[kind];
    let at = 1;
    for (const word of words) {
      for (let shift = 24; shift >= 0; shift -= 8) bytes[at++] = word >>> shift;
    }
    this.#input.length = at;
  }

  /** A key is never zero, which means "not sent": the one hash in 2^64 that is becomes one. */
  #store(slot: number): void {
    const at = 2 * slot;
    this.#hash(this.#input, this.#words, at);
    if (this.#words[at] === 0) this.#words[at] = 1;
  }
}
