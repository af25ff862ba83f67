/** How the state's objects are kept between the log and memory. Rebuilt from the log when the version differs. */
import type { Account } from '#src/domain/account.ts';
import { OUTCOMES } from '#src/domain/decision.ts';
import { AWAITABLE } from '#src/domain/events.ts';
import { REVERSAL_KINDS } from '#src/domain/reversal-kind.ts';
import type { Counters, DirectoryEntry, Receipt } from '#src/domain/ledger/ledger-state.ts';
import {
  PAYMENT_STATUSES,
  type Movement,
  type PaymentState,
  type PendingReversal,
} from '#src/domain/ledger/payment-state.ts';
import { approval } from './journal-codec.ts';
import { bigint, bytes, flag, list, oneOf, optional, struct, text, uint } from './codec.ts';

/** Raise it with any change below, and of what a shard's registry keeps. */
export const STATE_VERSION = 9;

export const accountState = struct<Account>({
  id: text,
  asset: text,
  overdraft: oneOf(['forbidden', 'allowed']),
  overdraftLimit: optional(uint),
  openedAt: uint,
  status: oneOf(['open', 'closed']),
  debitsFrozen: flag,
  creditsFrozen: flag,
  posted: bigint,
  heldDebits: bigint,
  heldCredits: bigint,
  openHolds: uint,
  inTransit: uint,
  receivable: bigint,
  bodyDigest: bytes,
});

const movement = struct<Movement>({ id: text, amount: uint });

const pendingReversal = struct<PendingReversal>({
  id: text,
  amount: uint,
  kind: oneOf(REVERSAL_KINDS),
  reference: optional(text),
  approval,
  isForced: flag,
  isSent: flag,
});

export const paymentState = struct<PaymentState>({
  id: text,
  debtor: text,
  creditor: text,
  asset: text,
  amount: uint,
  manualCapture: flag,
  verification: flag,
  bodyDigest: bytes,
  entityKeys: bytes,
  featureTime: uint,
  receivedIn: uint,
  hold: optional(uint),
  creditorShard: optional(uint),
  status: oneOf(PAYMENT_STATUSES),
  awaiting: optional(oneOf(AWAITABLE)),
  until: optional(uint),
  reviewEffectAt: optional(uint),
  reviewOutcome: optional(oneOf(['approve', 'deny'])),
  reviewer: optional(text),
  isLabelledFraud: flag,
  decisions: uint,
  approval: optional(approval),
  outcome: optional(oneOf(OUTCOMES)),
  voided: flag,
  captured: uint,
  reversed: uint,
  captures: list(movement),
  reversals: list(movement),
  inTransit: uint,
  returned: uint,
  pendingReversals: list(pendingReversal),
  idConflict: optional(uint),
  version: uint,
});

export const directoryEntry = struct<DirectoryEntry>({ home: uint });

export const receiptState = struct<Receipt>({ bodyDigest: bytes });

export const counters = struct<Counters>({
  input: uint,
  shardTime: uint,
  featureTime: uint,
  holds: uint,
  transactions: uint,
  sent: list(uint),
  received: list(uint),
  inTransit: list(text),
});
