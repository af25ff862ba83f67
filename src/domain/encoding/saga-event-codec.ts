/** How the events of a ledger in several shards are written; part of `event-codec.ts`. */
import { REVERSAL_KINDS } from '#src/domain/reversal-kind.ts';
import type { CarriedBalance, SagaEvent } from '#src/domain/saga-events.ts';
import { CREDIT_REFUSALS, DEBIT_REFUSALS } from '#src/domain/shard-message.ts';
import { bigint, bytes, flag, list, oneOf, optional, struct, text, uint } from './codec.ts';
import { approval, journalTransaction } from './journal-codec.ts';
import { creditTerms, shardMessage } from './shard-message-codec.ts';
import type { BodyOf, Variants } from './tagged-union.ts';

type Body<Type extends SagaEvent['type']> = BodyOf<SagaEvent, Type>;

const creditRefusal = oneOf(CREDIT_REFUSALS);
const debitRefusal = oneOf(DEBIT_REFUSALS);
const reversalKind = oneOf(REVERSAL_KINDS);

export const sagaEventVariants: Variants<SagaEvent> = {
  MessageReceived: {
    tag: 50,
    meaning: 'The record is what a message of another shard led to; it has its effect once.',
    codec: struct<Body<'MessageReceived'>>({ source: uint, sequence: uint }),
  },
  MessageSent: {
    tag: 51,
    meaning: 'Another shard is told something; it goes out with the row.',
    codec: struct<Body<'MessageSent'>>({ target: uint, sequence: uint, message: shardMessage }),
  },
  CreditPosted: {
    tag: 52,
    meaning: 'Money of another shard has arrived at its creditor.',
    codec: struct<Body<'CreditPosted'>>({ ...creditTerms, source: uint, transaction: journalTransaction }),
  },
  CreditRefused: {
    tag: 53,
    meaning: 'The creditor cannot take what arrived; nothing moves here, and the money goes back.',
    codec: struct<Body<'CreditRefused'>>({ ...creditTerms, source: uint, reason: creditRefusal }),
  },
  PaymentSettled: {
    tag: 54,
    meaning: 'The creditor in another shard has the money of a payment, or of one capture of it.',
    codec: struct<Body<'PaymentSettled'>>({ paymentId: text, captureId: optional(text), amount: uint }),
  },
  PaymentReturned: {
    tag: 55,
    meaning: 'The creditor in another shard could not take the money; it is back.',
    codec: struct<Body<'PaymentReturned'>>({
      paymentId: text,
      captureId: optional(text),
      amount: uint,
      reason: creditRefusal,
      transaction: journalTransaction,
    }),
  },
  TransferSettled: {
    tag: 56,
    meaning: 'The creditor in another shard has the money of a transfer.',
    codec: struct<Body<'TransferSettled'>>({ transferId: text, debtor: text }),
  },
  TransferReturned: {
    tag: 57,
    meaning: 'The creditor in another shard could not take the money of a transfer; it is back.',
    codec: struct<Body<'TransferReturned'>>({
      transferId: text,
      debtor: text,
      reason: creditRefusal,
      transaction: journalTransaction,
    }),
  },
  ReversalRequested: {
    tag: 58,
    meaning: 'Money is to come back from a creditor in another shard; the amount is reserved.',
    codec: struct<Body<'ReversalRequested'>>({
      paymentId: text,
      reversalId: text,
      kind: reversalKind,
      amount: uint,
      reference: optional(text),
      approval,
      isForced: flag,
    }),
  },
  ReversalSent: {
    tag: 59,
    meaning: "The creditor's shard is asked for the money of a reversal.",
    codec: struct<Body<'ReversalSent'>>({ paymentId: text, reversalId: text, amount: uint }),
  },
  ReversalRefused: {
    tag: 60,
    meaning: 'A requested reversal did not take place; what it reserved is free.',
    codec: struct<Body<'ReversalRefused'>>({ paymentId: text, reversalId: text, reason: debitRefusal }),
  },
  DebitPosted: {
    tag: 61,
    meaning: 'Money of a payment was taken from its creditor and is on its way to another shard.',
    codec: struct<Body<'DebitPosted'>>({
      source: uint,
      paymentId: text,
      reversalId: text,
      kind: reversalKind,
      creditor: text,
      asset: text,
      amount: uint,
      receivable: uint,
      transaction: journalTransaction,
    }),
  },
  DebitRefused: {
    tag: 62,
    meaning: 'The creditor cannot give back what another shard asks for; nothing moves.',
    codec: struct<Body<'DebitRefused'>>({
      source: uint,
      paymentId: text,
      reversalId: text,
      reason: debitRefusal,
    }),
  },
  PaymentRegistered: {
    tag: 63,
    meaning: 'A payment id of another shard is in the directory, for ever.',
    codec: struct<Body<'PaymentRegistered'>>({ paymentId: text, home: uint }),
  },
  PaymentIdRefused: {
    tag: 64,
    meaning: 'A second shard has received a payment with an id of the directory, and is told so.',
    codec: struct<Body<'PaymentIdRefused'>>({ paymentId: text, home: uint, second: uint }),
  },
  PaymentIdConflict: {
    tag: 65,
    meaning: 'The id of a payment was taken in another shard first; the payment is taken back.',
    codec: struct<Body<'PaymentIdConflict'>>({ paymentId: text, home: uint }),
  },
  GenerationBegan: {
    tag: 66,
    meaning: 'All before it was told from the log of a ledger in one process; what follows was decided here.',
    codec: struct<Body<'GenerationBegan'>>({
      ledgerId: text,
      position: uint,
      hash: bytes,
      balances: list(struct<CarriedBalance>({ asset: text, accounts: uint, posted: bigint, held: bigint })),
    }),
  },
};
