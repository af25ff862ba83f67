/**
 * The state that commands are decided on. It is the fold of all events (`evolve.ts`), and changes
 * in no other way.
 */
import type { Account } from '#src/domain/account.ts';
import type { PaymentState } from './payment-state.ts';

/** Objects by id, as many as there may be; only the ones in use are in memory. */
export interface Table<V> {
  get(id: string): Readonly<V> | undefined;
  /** The object, for a change. It must be there. */
  edit(id: string): V;
  add(id: string, value: V): void;
}

/** An id that was used, for what is neither account nor payment: the same body again does nothing. */
export interface Receipt {
  readonly bodyDigest: Uint8Array;
}

/** Which shard is the home of a payment id, in the shard that keeps the directory entry of it. */
export interface DirectoryEntry {
  readonly home: number;
}

export interface Counters {
  /** Inputs decided so far. */
  input: number;
  shardTime: number;
  /** The newest feature time of all payments. */
  featureTime: number;
  holds: number;
  transactions: number;
  /** Number of the last message sent to each shard, by its index; empty in a ledger of one shard. */
  sent: readonly number[];
  /** Number of the last message taken from each shard. */
  received: readonly number[];
  /** The accounts in transit that are open: two for each other shard and asset. */
  inTransit: readonly string[];
}

export function emptyCounters(): Counters {
  return {
    input: 0,
    shardTime: 0,
    featureTime: 0,
    holds: 0,
    transactions: 0,
    sent: [],
    received: [],
    inTransit: [],
  };
}

export interface LedgerState {
  readonly accounts: Table<Account>;
  readonly payments: Table<PaymentState>;
  readonly receipts: Table<Receipt>;
  /** Payment ids of other shards; empty in a ledger of one. */
  readonly directory: Table<DirectoryEntry>;
  readonly counters: Counters;
}

/** A table that is all in memory. */
export function memoryTable<V>(): Table<V> & { entries(): Iterable<[string, V]> } {
  const values = new Map<string, V>();
  return {
    get: (id) => values.get(id),
    edit: (id) => {
      const value = values.get(id);
      if (value === undefined) throw new Error(`${id} is not in the table`);
      return value;
    },
    add: (id, value) => {
      if (values.has(id)) throw new Error(`${id} is in the table already`);
      values.set(id, value);
    },
    entries: () => values.entries(),
  };
}

export function receiptKey(kind: 'transfer' | 'signal' | 'label' | 'authorization', id: string): string {
  return `${kind}/${id}`;
}

/** An issuer's answer is known within its payment: by its id, or by what it says where it was given none. */
export function authorizationKey(answer: {
  readonly paymentId: string;
  readonly authorizationId?: string;
  readonly bodyDigest: Uint8Array;
}): string {
  const { paymentId, authorizationId, bodyDigest } = answer;
  return receiptKey('authorization', `${paymentId}/${authorizationId ?? `=${hexOf(bodyDigest)}`}`);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
