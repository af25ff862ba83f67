/**
 * How facts that all shards share are written, in the log and between shards. Their numbers are those
 * of the events that they are.
 */
import { LIST_KINDS, LIST_NAMES } from '#src/domain/list-entry.ts';
import type { SharedFact } from '#src/domain/shared-fact.ts';
import { bytes, float64, list, oneOf, optional, record, struct, text, uint } from './codec.ts';
import { taggedUnion, type BodyOf, type Variants } from './tagged-union.ts';

type Body<Type extends SharedFact['type']> = BodyOf<SharedFact, Type>;

export const modelActivated = struct<Body<'ModelActivated'>>({
  name: text,
  version: text,
  manifestDigest: text,
  featureHash: text,
});

export const ipTableRecorded = struct<Body<'IpTableRecorded'>>({ name: text, version: text, digest: text });

export const ratesRecorded = struct<Body<'RatesRecorded'>>({
  date: text,
  base: text,
  rates: record(float64),
});

export const tokenCreated = struct<Body<'TokenCreated'>>({
  tokenId: text,
  name: text,
  digest: bytes,
  scopes: list(text),
});

export const sharedFactVariants: Variants<SharedFact> = {
  PolicyActivated: {
    tag: 2,
    meaning: 'A policy is in force from the next payment on.',
    codec: struct<Body<'PolicyActivated'>>({ version: text, document: text }),
  },
  ModelActivated: {
    tag: 3,
    meaning: 'A model scores from the next payment on.',
    codec: modelActivated,
  },
  IpTableRecorded: {
    tag: 4,
    meaning: 'The table that tells the country of an address, in use from the next payment on.',
    codec: ipTableRecorded,
  },
  RatesRecorded: {
    tag: 5,
    meaning: 'Exchange rates of a day.',
    codec: ratesRecorded,
  },
  TokenCreated: {
    tag: 6,
    meaning: 'An API token, known by its digest.',
    codec: tokenCreated,
  },
  TokenRevoked: {
    tag: 7,
    meaning: 'An API token is no longer valid.',
    codec: struct<Body<'TokenRevoked'>>({ tokenId: text }),
  },
  ListEntryAdded: {
    tag: 42,
    meaning: 'A block or allow list has a further entry from the next payment on.',
    codec: struct<Body<'ListEntryAdded'>>({
      entryId: text,
      list: oneOf(LIST_NAMES),
      kind: oneOf(LIST_KINDS),
      reason: text,
      expiresAt: optional(uint),
      owner: text,
      personalDigest: bytes,
    }),
  },
  ListEntryRemoved: {
    tag: 43,
    meaning: 'A list entry no longer counts.',
    codec: struct<Body<'ListEntryRemoved'>>({ list: oneOf(LIST_NAMES), entryId: text }),
  },
};

export const sharedFact = taggedUnion<SharedFact>('shared fact', sharedFactVariants);
