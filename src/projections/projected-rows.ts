/** What is kept of an account and of a payment beside the log, and how it is written. */
import type { Account } from '#src/domain/account.ts';
import { bigint, flag, list, oneOf, struct, uint } from '#src/domain/encoding/codec.ts';
import { accountState, paymentState, STATE_VERSION } from '#src/domain/encoding/state-codec.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';

/** Part of the format's version, together with that of the state: raise it with any change of what is stored. */
const ROWS_VERSION = 2;

export const PROJECTION_VERSION: string = `${ROWS_VERSION}.${STATE_VERSION}`;

/** What can change of an account without an entry. */
export interface Standing {
  readonly heldDebits: bigint;
  readonly heldCredits: bigint;
  readonly receivable: bigint;
  readonly status: Account['status'];
  readonly debitsFrozen: boolean;
  readonly creditsFrozen: boolean;
}

/** A standing, and from which record on the account had it. */
export interface PastStanding extends Standing {
  readonly input: number;
}

export interface AccountRow {
  readonly account: Account;
  /** How many standings are stored, under numbers from 0. */
  standings: number;
  /** The newest of them. */
  standing: Standing;
}

export interface PaymentRow {
  readonly state: PaymentState;
  /** The records that changed it, oldest first; the first one received it. */
  readonly inputs: number[];
}

const standingFields = {
  heldDebits: bigint,
  heldCredits: bigint,
  receivable: bigint,
  status: oneOf(['open', 'closed']),
  debitsFrozen: flag,
  creditsFrozen: flag,
};

export const pastStanding = struct<PastStanding>({ ...standingFields, input: uint });

export const accountRow = struct<AccountRow>({
  account: accountState,
  standings: uint,
  standing: struct<Standing>(standingFields),
});

const inputs = list(uint);

export const paymentRow = struct<PaymentRow>({
  state: paymentState,
  inputs: { ...inputs, read: (reader) => [...inputs.read(reader)] },
});

export const ACCOUNT_PREFIX = 'account/';
export const PAYMENT_PREFIX = 'payment/';
export const STANDING_PREFIX = 'standing/';

/** The slash cannot stand in an account's id. */
export function standingKey(account: string, number: number): string {
  return `${STANDING_PREFIX}${account}/${number}`;
}

export function standingOf(account: Account): Standing {
  const { heldDebits, heldCredits, receivable, status, debitsFrozen, creditsFrozen } = account;
  return { heldDebits, heldCredits, receivable, status, debitsFrozen, creditsFrozen };
}

export function isSameStanding(account: Account, standing: Standing): boolean {
  return (
    account.heldDebits === standing.heldDebits &&
    account.heldCredits === standing.heldCredits &&
    account.receivable === standing.receivable &&
    account.status === standing.status &&
    account.debitsFrozen === standing.debitsFrozen &&
    account.creditsFrozen === standing.creditsFrozen
  );
}
