/**
 * Facts that concern neither accounts nor payments, and that all shards of a ledger share: decided by
 * one shard, and applied by each of the others at a position of its own log.
 */
import type { ListKind, ListName } from './list-entry.ts';

export type PolicyActivated = {
  readonly type: 'PolicyActivated';
  readonly version: string;
  readonly document: string;
};

export type ModelActivated = {
  readonly type: 'ModelActivated';
  readonly name: string;
  readonly version: string;
  readonly manifestDigest: string;
  readonly featureHash: string;
};

export type IpTableRecorded = {
  readonly type: 'IpTableRecorded';
  readonly name: string;
  readonly version: string;
  readonly digest: string;
};

export type RatesRecorded = {
  readonly type: 'RatesRecorded';
  readonly date: string;
  readonly base: string;
  /** Units of each asset for one unit of the base. */
  readonly rates: Readonly<Record<string, number>>;
};

export type TokenCreated = {
  readonly type: 'TokenCreated';
  readonly tokenId: string;
  readonly name: string;
  readonly digest: Uint8Array;
  readonly scopes: readonly string[];
};

export type TokenRevoked = { readonly type: 'TokenRevoked'; readonly tokenId: string };

export type ListEntryAdded = {
  readonly type: 'ListEntryAdded';
  readonly entryId: string;
  readonly list: ListName;
  readonly kind: ListKind;
  readonly reason: string;
  readonly expiresAt?: number;
  readonly owner: string;
  /** SHA-256 of salt and value. */
  readonly personalDigest: Uint8Array;
};

export type ListEntryRemoved = {
  readonly type: 'ListEntryRemoved';
  readonly list: ListName;
  readonly entryId: string;
};

export type SharedFact =
  | PolicyActivated
  | ModelActivated
  | IpTableRecorded
  | RatesRecorded
  | TokenCreated
  | TokenRevoked
  | ListEntryAdded
  | ListEntryRemoved;
