/** How commands travel to the shard that decides them. */
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import { ENTITY_KINDS } from '#src/domain/entity.ts';
import {
  AUTHORIZATION_RESULTS,
  CHALLENGE_RESULTS,
  LABELS,
  LABEL_KINDS,
  LABEL_SOURCES,
  LABEL_STATES,
  REVIEW_OUTCOMES,
} from '#src/domain/events.ts';
import { REVERSAL_KINDS } from '#src/domain/reversal-kind.ts';
import type { ErasedPart } from '#src/domain/events.ts';
import { LIST_KINDS, LIST_NAMES } from '#src/domain/list-entry.ts';
import type { PersonalPart, SealedPersonal } from '#src/domain/personal-part.ts';
import { bytes, flag, float64, list, oneOf, optional, record, struct, text, uint } from './codec.ts';
import { paymentFacts } from './payment-codec.ts';
import { shardMessage } from './shard-message-codec.ts';
import { taggedUnion, type BodyOf } from './tagged-union.ts';

type Body<Type extends Command['type']> = BodyOf<Command, Type>;

const sealedPersonal = struct<SealedPersonal>({ salt: bytes, content: bytes, digest: bytes });
const direction = oneOf(['debits', 'credits', 'both']);
const freeze = struct<Body<'FreezeAccount'>>({ account: text, direction, reason: text });
const onPayment = struct<Body<'ExpirePayment'>>({ paymentId: text });
const version = { name: text, version: text } as const;

export const command = taggedUnion<Command>('command', {
  Pay: {
    tag: 1,
    meaning: 'Hold, score and decide a payment.',
    codec: struct<Body<'Pay'>>({
      facts: paymentFacts,
      personal: optional(sealedPersonal),
      bodyDigest: bytes,
      bodyVersion: uint,
      entityKeys: bytes,
      claimedBy: optional(uint),
    }),
  },
  OpenAccount: {
    tag: 2,
    meaning: 'Open an account.',
    codec: struct<Body<'OpenAccount'>>({
      account: text,
      asset: text,
      overdraft: oneOf(['forbidden', 'allowed']),
      overdraftLimit: optional(uint),
      bodyDigest: bytes,
    }),
  },
  FreezeAccount: { tag: 3, meaning: 'Stop debits, credits or both.', codec: freeze },
  UnfreezeAccount: { tag: 4, meaning: 'End a freeze.', codec: freeze },
  CloseAccount: {
    tag: 5,
    meaning: 'Close an account for good.',
    codec: struct<Body<'CloseAccount'>>({ account: text, reason: text }),
  },
  Transfer: {
    tag: 6,
    meaning: 'Move money as the operator.',
    codec: struct<Body<'Transfer'>>({
      transferId: text,
      debtor: text,
      creditor: text,
      amount: uint,
      asset: text,
      reason: text,
      plan: optional(text),
      bodyDigest: bytes,
    }),
  },
  CapturePayment: {
    tag: 7,
    meaning: 'Post what is held for capture.',
    codec: struct<Body<'CapturePayment'>>({
      paymentId: text,
      captureId: optional(text),
      amount: optional(uint),
      final: optional(flag),
    }),
  },
  VoidPayment: {
    tag: 8,
    meaning: 'Call a pending payment back.',
    codec: struct<Body<'VoidPayment'>>({ paymentId: text, reason: optional(text) }),
  },
  ReversePayment: {
    tag: 9,
    meaning: 'Send money of a posted payment back.',
    codec: struct<Body<'ReversePayment'>>({
      paymentId: text,
      reversalId: text,
      amount: optional(uint),
      kind: oneOf(REVERSAL_KINDS),
      reference: optional(text),
    }),
  },
  RecordAuthorization: {
    tag: 10,
    meaning: 'Record what the issuer said.',
    codec: struct<Body<'RecordAuthorization'>>({
      paymentId: text,
      authorizationId: optional(text),
      result: oneOf(AUTHORIZATION_RESULTS),
      code: optional(text),
      cvc: optional(text),
      avs: optional(text),
      bodyDigest: bytes,
    }),
  },
  AnswerChallenge: {
    tag: 11,
    meaning: 'Record how a challenge was met, and decide again.',
    codec: struct<Body<'AnswerChallenge'>>({
      paymentId: text,
      result: oneOf(CHALLENGE_RESULTS),
      method: optional(text),
    }),
  },
  DecideReview: {
    tag: 12,
    meaning: 'Decide a payment in review.',
    codec: struct<Body<'DecideReview'>>({
      paymentId: text,
      outcome: oneOf(REVIEW_OUTCOMES),
      reason: text,
      note: optional(sealedPersonal),
    }),
  },
  RecordSignal: {
    tag: 13,
    meaning: 'Record a fact that is not a payment.',
    codec: struct<Body<'RecordSignal'>>({
      signalId: text,
      kind: text,
      occurredAt: uint,
      account: text,
      bodyDigest: bytes,
      personal: optional(sealedPersonal),
      entityKeys: bytes,
    }),
  },
  RecordLabel: {
    tag: 14,
    meaning: 'Record what was found out.',
    codec: struct<Body<'RecordLabel'>>({
      labelId: text,
      paymentId: optional(text),
      entityKind: optional(oneOf(ENTITY_KINDS)),
      label: oneOf(LABELS),
      kind: optional(oneOf(LABEL_KINDS)),
      source: oneOf(LABEL_SOURCES),
      state: optional(oneOf(LABEL_STATES)),
      reference: optional(text),
      observedAt: uint,
      bodyDigest: bytes,
      personal: optional(sealedPersonal),
      entityKeys: bytes,
    }),
  },
  AddListEntry: {
    tag: 15,
    meaning: 'Block or allow.',
    codec: struct<Body<'AddListEntry'>>({
      entryId: text,
      list: oneOf(LIST_NAMES),
      kind: oneOf(LIST_KINDS),
      reason: text,
      expiresAt: optional(uint),
      personal: sealedPersonal,
    }),
  },
  RemoveListEntry: {
    tag: 16,
    meaning: 'Take a list entry away.',
    codec: struct<Body<'RemoveListEntry'>>({ list: oneOf(LIST_NAMES), entryId: text }),
  },
  CreateToken: {
    tag: 17,
    meaning: 'Let a token in.',
    codec: struct<Body<'CreateToken'>>({ tokenId: text, name: text, digest: bytes, scopes: list(text) }),
  },
  RevokeToken: {
    tag: 18,
    meaning: 'Shut a token out.',
    codec: struct<Body<'RevokeToken'>>({ tokenId: text }),
  },
  ActivatePolicy: {
    tag: 19,
    meaning: 'Put a policy in force.',
    codec: struct<Body<'ActivatePolicy'>>({ version: text, document: text }),
  },
  ActivateModel: {
    tag: 20,
    meaning: 'Let a model score.',
    codec: struct<Body<'ActivateModel'>>({ ...version, manifestDigest: text, featureHash: text }),
  },
  RecordIpTable: {
    tag: 21,
    meaning: 'Record which table of addresses is in use.',
    codec: struct<Body<'RecordIpTable'>>({ ...version, digest: text }),
  },
  RecordRates: {
    tag: 22,
    meaning: 'Record exchange rates.',
    codec: struct<Body<'RecordRates'>>({ date: text, base: text, rates: record(float64) }),
  },
  OpenLedger: {
    tag: 23,
    meaning: 'Begin a ledger.',
    codec: struct<Body<'OpenLedger'>>({ ledgerId: text, software: text, assets: record(uint) }),
  },
  ExpirePayment: { tag: 24, meaning: 'End a wait whose time is over.', codec: onPayment },
  ApplyReview: { tag: 25, meaning: "Let a review's decision take effect.", codec: onPayment },
  RescorePayment: { tag: 26, meaning: 'Decide again what was decided degraded.', codec: onPayment },
  RecordErasure: {
    tag: 27,
    meaning: 'Record that personal parts are gone.',
    codec: struct<Body<'RecordErasure'>>({
      reason: text,
      parts: list(struct<ErasedPart>({ position: uint, record: uint, paymentId: optional(text) })),
    }),
  },
  ReceiveMessage: {
    tag: 28,
    meaning: 'Take what another shard says.',
    codec: struct<Body<'ReceiveMessage'>>({
      source: uint,
      sequence: uint,
      message: shardMessage,
      personal: optional(struct<PersonalPart>({ salt: bytes, content: bytes })),
    }),
  },
});

export const commandEnvelope = struct<CommandEnvelope>({ command, actor: text, receivedAt: uint });
