/**
 * What can be asked of a ledger. Commands are validated before they are made; randomness (salts),
 * digests and the time of arrival are part of them, so that deciding them needs nothing else.
 */
import type { Direction, Overdraft } from './account.ts';
import type {
  AUTHORIZATION_RESULTS,
  ErasedPart,
  CHALLENGE_RESULTS,
  LABELS,
  LABEL_KINDS,
  LABEL_SOURCES,
  LABEL_STATES,
  REVIEW_OUTCOMES,
} from './events.ts';
import type { ReversalKind } from './reversal-kind.ts';
import type { EntityKind } from './entity.ts';
import type { ListKind, ListName } from './list-entry.ts';
import type { PaymentFacts } from './payment.ts';
import type { PersonalPart, SealedPersonal } from './personal-part.ts';
import type { ShardMessage } from './shard-message.ts';

export type Pay = {
  readonly type: 'Pay';
  readonly facts: PaymentFacts;
  readonly personal?: SealedPersonal;
  /** SHA-256 of the canonical form of the request, and that form's version. */
  readonly bodyDigest: Uint8Array;
  readonly bodyVersion: number;
  /** The keyed hashes of its entities, as `features/entity-keys.ts` lays them out. */
  readonly entityKeys: Uint8Array;
  /** The shard that claimed the id, as far as that was found out: any other than the payment's refuses it. */
  readonly claimedBy?: number;
};

export type OpenAccount = {
  readonly type: 'OpenAccount';
  readonly account: string;
  readonly asset: string;
  readonly overdraft: Overdraft;
  readonly overdraftLimit?: number;
  readonly bodyDigest: Uint8Array;
};

export type FreezeAccount = {
  readonly type: 'FreezeAccount';
  readonly account: string;
  readonly direction: Direction;
  readonly reason: string;
};

export type UnfreezeAccount = {
  readonly type: 'UnfreezeAccount';
  readonly account: string;
  readonly direction: Direction;
  readonly reason: string;
};

export type CloseAccount = {
  readonly type: 'CloseAccount';
  readonly account: string;
  readonly reason: string;
};

export type Transfer = {
  readonly type: 'Transfer';
  readonly transferId: string;
  readonly debtor: string;
  readonly creditor: string;
  readonly amount: number;
  readonly asset: string;
  readonly reason: string;
  readonly plan?: string;
  readonly bodyDigest: Uint8Array;
};

export type CapturePayment = {
  readonly type: 'CapturePayment';
  readonly paymentId: string;
  readonly captureId?: string;
  readonly amount?: number;
  readonly final?: boolean;
};

export type VoidPayment = {
  readonly type: 'VoidPayment';
  readonly paymentId: string;
  readonly reason?: string;
};

export type ReversePayment = {
  readonly type: 'ReversePayment';
  readonly paymentId: string;
  readonly reversalId: string;
  readonly amount?: number;
  readonly kind: ReversalKind;
  readonly reference?: string;
};

export type RecordAuthorization = {
  readonly type: 'RecordAuthorization';
  readonly paymentId: string;
  /** Without one, the same content on the same payment is the same fact. */
  readonly authorizationId?: string;
  readonly result: (typeof AUTHORIZATION_RESULTS)[number];
  readonly code?: string;
  readonly cvc?: string;
  readonly avs?: string;
  readonly bodyDigest: Uint8Array;
};

export type AnswerChallenge = {
  readonly type: 'AnswerChallenge';
  readonly paymentId: string;
  readonly result: (typeof CHALLENGE_RESULTS)[number];
  readonly method?: string;
};

export type DecideReview = {
  readonly type: 'DecideReview';
  readonly paymentId: string;
  readonly outcome: (typeof REVIEW_OUTCOMES)[number];
  readonly reason: string;
  readonly note?: SealedPersonal;
};

export type RecordSignal = {
  readonly type: 'RecordSignal';
  readonly signalId: string;
  readonly kind: string;
  readonly occurredAt: number;
  readonly account: string;
  readonly bodyDigest: Uint8Array;
  /** Device and address. */
  readonly personal?: SealedPersonal;
  readonly entityKeys: Uint8Array;
};

export type RecordLabel = {
  readonly type: 'RecordLabel';
  readonly labelId: string;
  readonly paymentId?: string;
  readonly entityKind?: EntityKind;
  readonly label: (typeof LABELS)[number];
  readonly kind?: (typeof LABEL_KINDS)[number];
  readonly source: (typeof LABEL_SOURCES)[number];
  readonly state?: (typeof LABEL_STATES)[number];
  readonly reference?: string;
  readonly observedAt: number;
  readonly bodyDigest: Uint8Array;
  /** The entity's id. */
  readonly personal?: SealedPersonal;
  /** The keyed hash of that entity; empty for a label on a payment. */
  readonly entityKeys: Uint8Array;
};

export type AddListEntry = {
  readonly type: 'AddListEntry';
  readonly entryId: string;
  readonly list: ListName;
  readonly kind: ListKind;
  readonly reason: string;
  readonly expiresAt?: number;
  /** The value, as `PersonalContent.entity`. */
  readonly personal: SealedPersonal;
};

export type RemoveListEntry = {
  readonly type: 'RemoveListEntry';
  readonly list: ListName;
  readonly entryId: string;
};

export type CreateToken = {
  readonly type: 'CreateToken';
  readonly tokenId: string;
  readonly name: string;
  readonly digest: Uint8Array;
  readonly scopes: readonly string[];
};

export type RevokeToken = { readonly type: 'RevokeToken'; readonly tokenId: string };

export type ActivatePolicy = {
  readonly type: 'ActivatePolicy';
  readonly version: string;
  readonly document: string;
};

export type ActivateModel = {
  readonly type: 'ActivateModel';
  readonly name: string;
  readonly version: string;
  readonly manifestDigest: string;
  readonly featureHash: string;
};

export type RecordIpTable = {
  readonly type: 'RecordIpTable';
  readonly name: string;
  readonly version: string;
  readonly digest: string;
};

export type RecordRates = {
  readonly type: 'RecordRates';
  readonly date: string;
  readonly base: string;
  readonly rates: Readonly<Record<string, number>>;
};

export type OpenLedger = {
  readonly type: 'OpenLedger';
  readonly ledgerId: string;
  readonly software: string;
  readonly assets: Readonly<Record<string, number>>;
};

/** A deadline has come; does nothing before it (made by the shard's owner). */
export type ExpirePayment = { readonly type: 'ExpirePayment'; readonly paymentId: string };

/** A review's decision takes effect; does nothing before its time (made by the shard's owner). */
export type ApplyReview = { readonly type: 'ApplyReview'; readonly paymentId: string };

/** The cause of a degradation has ended (made by the shard's owner). */
export type RescorePayment = { readonly type: 'RescorePayment'; readonly paymentId: string };

/** Says which personal parts have to go; they are erased once it is durable (P1). */
export type RecordErasure = {
  readonly type: 'RecordErasure';
  readonly reason: string;
  readonly parts: readonly ErasedPart[];
};

/** What another shard of the ledger says (made by the shard's owner from the broker's record). */
export type ReceiveMessage = {
  readonly type: 'ReceiveMessage';
  /** Index of the shard that sent it. */
  readonly source: number;
  /** Its number between these two shards, from 1. */
  readonly sequence: number;
  readonly message: ShardMessage;
  /** What the message's fact has of persons, which the chain of hashes must not hold (P1). */
  readonly personal?: PersonalPart;
};

export type Command =
  | Pay
  | OpenAccount
  | FreezeAccount
  | UnfreezeAccount
  | CloseAccount
  | Transfer
  | CapturePayment
  | VoidPayment
  | ReversePayment
  | RecordAuthorization
  | AnswerChallenge
  | DecideReview
  | RecordSignal
  | RecordLabel
  | AddListEntry
  | RemoveListEntry
  | CreateToken
  | RevokeToken
  | ActivatePolicy
  | ActivateModel
  | RecordIpTable
  | RecordRates
  | OpenLedger
  | ExpirePayment
  | ApplyReview
  | RescorePayment
  | RecordErasure
  | ReceiveMessage;

export interface CommandEnvelope {
  readonly command: Command;
  /** `token:ID`, `agent:NAME`, `provider:NAME` or `system`. */
  readonly actor: string;
  /** When it was taken in, milliseconds since 1970. */
  readonly receivedAt: number;
}
