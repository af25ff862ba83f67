/** How shards' messages are written. Numbers are stable for ever; `docs/events.md` is held against this file. */
import { REVERSAL_KINDS } from '#src/domain/reversal-kind.ts';
import {
  CREDIT_REFUSALS,
  DEBIT_REFUSALS,
  type CreditTerms,
  type ShardMessage,
} from '#src/domain/shard-message.ts';
import { flag, oneOf, optional, struct, text, uint } from './codec.ts';
import { approval } from './journal-codec.ts';
import { sharedFact } from './shared-fact-codec.ts';
import { taggedUnion, type BodyOf } from './tagged-union.ts';

type Body<Type extends ShardMessage['type']> = BodyOf<ShardMessage, Type>;

/** The fields of a struct that says which money is meant. */
export const creditTerms = {
  paymentId: optional(text),
  captureId: optional(text),
  transferId: optional(text),
  debtor: text,
  creditor: text,
  asset: text,
  amount: uint,
} as const;

const terms = struct<CreditTerms>(creditTerms);

export const shardMessage = taggedUnion<ShardMessage>('message', {
  ShareFact: {
    tag: 1,
    meaning: 'What the first shard decided for all; the receiver applies it as it is.',
    codec: struct<Body<'ShareFact'>>({ fact: sharedFact }),
  },
  CreditAccount: {
    tag: 2,
    meaning: 'Money has left its debtor: the creditor is to have it.',
    codec: terms,
  },
  CreditTaken: { tag: 3, meaning: 'The creditor has the money.', codec: terms },
  CreditReturned: {
    tag: 4,
    meaning: 'The creditor cannot take the money: it goes back, and is not returned again.',
    codec: struct<Body<'CreditReturned'>>({ ...creditTerms, reason: oneOf(CREDIT_REFUSALS) }),
  },
  DebitAccount: {
    tag: 5,
    meaning: 'Money of a payment is to come back from its creditor.',
    codec: struct<Body<'DebitAccount'>>({
      paymentId: text,
      reversalId: text,
      kind: oneOf(REVERSAL_KINDS),
      creditor: text,
      asset: text,
      amount: uint,
      approval,
      isForced: flag,
    }),
  },
  DebitTaken: {
    tag: 6,
    meaning: 'The money was taken from the creditor and is on its way back.',
    codec: struct<Body<'DebitTaken'>>({
      paymentId: text,
      reversalId: text,
      asset: text,
      amount: uint,
      receivable: uint,
    }),
  },
  DebitReturned: {
    tag: 7,
    meaning: 'The creditor cannot give the money back: nothing moved.',
    codec: struct<Body<'DebitReturned'>>({
      paymentId: text,
      reversalId: text,
      reason: oneOf(DEBIT_REFUSALS),
    }),
  },
  RegisterPayment: {
    tag: 8,
    meaning: 'The sender has received a payment with this id.',
    codec: struct<Body<'RegisterPayment'>>({ paymentId: text }),
  },
  PaymentIdTaken: {
    tag: 9,
    meaning: 'Another shard was the first with this id: the payment is to be taken back.',
    codec: struct<Body<'PaymentIdTaken'>>({ paymentId: text, home: uint }),
  },
});
