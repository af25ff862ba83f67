/** How events are written in the log. Numbers are stable for ever; `docs/events.md` is held against this file. */
import {
  AWAITABLE,
  CHALLENGE_RESULTS,
  AUTHORIZATION_RESULTS,
  LABELS,
  LABEL_KINDS,
  LABEL_SOURCES,
  LABEL_STATES,
  REJECTION_REASONS,
  REVIEW_OUTCOMES,
} from '#src/domain/events.ts';
import { REVERSAL_KINDS } from '#src/domain/reversal-kind.ts';
import type { EntityPosition, LedgerEvent, ErasedPart } from '#src/domain/events.ts';
import { ENTITY_KINDS } from '#src/domain/entity.ts';
import { bytes, flag, list, oneOf, optional, record, struct, text, uint } from './codec.ts';
import { decisionRecord } from './decision-codec.ts';
import { approval, journalTransaction } from './journal-codec.ts';
import { paymentFacts } from './payment-codec.ts';
import { sagaEventVariants } from './saga-event-codec.ts';
import { sharedFactVariants } from './shared-fact-codec.ts';
import { taggedUnion, type BodyOf } from './tagged-union.ts';
import { vector } from './vector-codec.ts';

type Body<Type extends LedgerEvent['type']> = BodyOf<LedgerEvent, Type>;

const awaitable = oneOf(AWAITABLE);
const direction = oneOf(['debits', 'credits', 'both']);
const entityKind = oneOf(ENTITY_KINDS);
const freeze = struct<Body<'AccountFrozen'>>({ account: text, direction, reason: text });
const entityPosition = struct<EntityPosition>({ kind: entityKind, epoch: uint, sequence: uint });

export const ledgerEvent = taggedUnion<LedgerEvent>('event', {
  LedgerOpened: {
    tag: 1,
    meaning: 'The first event of every ledger.',
    codec: struct<Body<'LedgerOpened'>>({ ledgerId: text, software: text, assets: record(uint) }),
  },
  ...sharedFactVariants,
  AccountOpened: {
    tag: 10,
    meaning: 'An account can be paid from and to.',
    codec: struct<Body<'AccountOpened'>>({
      account: text,
      asset: text,
      overdraft: oneOf(['forbidden', 'allowed']),
      overdraftLimit: optional(uint),
      bodyDigest: bytes,
    }),
  },
  AccountFrozen: { tag: 11, meaning: 'An account takes no debits, no credits, or neither.', codec: freeze },
  AccountUnfrozen: { tag: 12, meaning: 'A freeze ends.', codec: freeze },
  AccountClosed: {
    tag: 13,
    meaning: 'An account takes nothing any more.',
    codec: struct<Body<'AccountClosed'>>({ account: text, reason: text }),
  },
  TransferPosted: {
    tag: 14,
    meaning: 'Money moved by the operator.',
    codec: struct<Body<'TransferPosted'>>({
      transferId: text,
      reason: text,
      plan: optional(text),
      creditor: optional(text),
      bodyDigest: bytes,
      transaction: journalTransaction,
    }),
  },
  PaymentReceived: {
    tag: 20,
    meaning: 'A payment was asked for. Unless it is rejected, its funds are reserved: it is pending.',
    codec: struct<Body<'PaymentReceived'>>({
      facts: paymentFacts,
      receivedAt: uint,
      featureTime: uint,
      bodyDigest: bytes,
      bodyVersion: uint,
      personalDigest: optional(bytes),
      hold: optional(uint),
      creditorShard: optional(uint),
      positions: list(entityPosition),
    }),
  },
  PaymentRejected: {
    tag: 21,
    meaning: 'The ledger turned a payment down for its own reasons; no decision was needed.',
    codec: struct<Body<'PaymentRejected'>>({ paymentId: text, reason: oneOf(REJECTION_REASONS) }),
  },
  PaymentDecided: {
    tag: 22,
    meaning: 'A payment was scored and decided.',
    codec: struct<Body<'PaymentDecided'>>({
      paymentId: text,
      decision: decisionRecord,
      vector: optional(vector),
    }),
  },
  PaymentAwaits: {
    tag: 23,
    meaning: 'A pending payment says what it waits for, and until when.',
    codec: struct<Body<'PaymentAwaits'>>({ paymentId: text, awaiting: awaitable, until: uint }),
  },
  PaymentPosted: {
    tag: 24,
    meaning: 'A payment is in the journal in full.',
    codec: struct<Body<'PaymentPosted'>>({ paymentId: text, transaction: journalTransaction }),
  },
  PaymentCaptured: {
    tag: 25,
    meaning: 'A payment held for capture is posted, in full or in part; the final one releases the rest.',
    codec: struct<Body<'PaymentCaptured'>>({
      paymentId: text,
      captureId: text,
      amount: uint,
      final: flag,
      transaction: journalTransaction,
    }),
  },
  PaymentRecorded: {
    tag: 26,
    meaning: 'A verification has ended; nothing moved.',
    codec: struct<Body<'PaymentRecorded'>>({ paymentId: text }),
  },
  PaymentDenied: {
    tag: 27,
    meaning: 'A payment was denied; its hold is released.',
    codec: struct<Body<'PaymentDenied'>>({ paymentId: text, by: approval }),
  },
  PaymentVoided: {
    tag: 28,
    meaning: 'A pending payment was called back; its hold is released.',
    codec: struct<Body<'PaymentVoided'>>({ paymentId: text, reason: optional(text) }),
  },
  PaymentExpired: {
    tag: 29,
    meaning: 'What a pending payment waited for did not come in time; its hold is released.',
    codec: struct<Body<'PaymentExpired'>>({ paymentId: text, awaiting: awaitable }),
  },
  PaymentReversed: {
    tag: 30,
    meaning: 'Money of a posted payment went back, as a transaction of its own.',
    codec: struct<Body<'PaymentReversed'>>({
      paymentId: text,
      reversalId: text,
      kind: oneOf(REVERSAL_KINDS),
      amount: uint,
      reference: optional(text),
      receivable: uint,
      transaction: journalTransaction,
    }),
  },
  AuthorizationRecorded: {
    tag: 31,
    meaning: 'What the issuer said of a payment.',
    codec: struct<Body<'AuthorizationRecorded'>>({
      paymentId: text,
      authorizationId: optional(text),
      result: oneOf(AUTHORIZATION_RESULTS),
      code: optional(text),
      cvc: optional(text),
      avs: optional(text),
      bodyDigest: bytes,
    }),
  },
  ChallengeAnswered: {
    tag: 32,
    meaning: 'How the customer met a request to authenticate.',
    codec: struct<Body<'ChallengeAnswered'>>({
      paymentId: text,
      result: oneOf(CHALLENGE_RESULTS),
      method: optional(text),
    }),
  },
  ReviewDecided: {
    tag: 33,
    meaning: 'A reviewer decided a held payment; the money follows when it takes effect.',
    codec: struct<Body<'ReviewDecided'>>({
      paymentId: text,
      outcome: oneOf(REVIEW_OUTCOMES),
      reason: text,
      reviewer: text,
      effectAt: uint,
      personalDigest: optional(bytes),
    }),
  },
  SignalRecorded: {
    tag: 40,
    meaning: 'A fact that is not a payment and feeds features.',
    codec: struct<Body<'SignalRecorded'>>({
      signalId: text,
      kind: text,
      occurredAt: uint,
      account: text,
      bodyDigest: bytes,
      personalDigest: optional(bytes),
    }),
  },
  LabelRecorded: {
    tag: 41,
    meaning: 'What somebody found out about a payment or an entity.',
    codec: struct<Body<'LabelRecorded'>>({
      labelId: text,
      paymentId: optional(text),
      entityKind: optional(entityKind),
      label: oneOf(LABELS),
      kind: optional(oneOf(LABEL_KINDS)),
      source: oneOf(LABEL_SOURCES),
      state: optional(oneOf(LABEL_STATES)),
      reference: optional(text),
      observedAt: uint,
      turns: optional(oneOf(LABELS)),
      bodyDigest: bytes,
      personalDigest: optional(bytes),
    }),
  },
  PersonalDataErased: {
    tag: 44,
    meaning: 'Personal parts were erased; the facts and the chain stand.',
    codec: struct<Body<'PersonalDataErased'>>({
      reason: text,
      parts: list(struct<ErasedPart>({ position: uint, record: uint, paymentId: optional(text) })),
    }),
  },
  ...sagaEventVariants,
});
