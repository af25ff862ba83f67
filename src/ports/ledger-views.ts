/** What reads of the ledger give. Times are milliseconds since 1970, amounts minor units. */
import type { AccountStatus, Overdraft } from '#src/domain/account.ts';
import type { DecisionRecord } from '#src/domain/decision.ts';
import type { EntityKind } from '#src/domain/entity.ts';
import type { Awaitable, LedgerEvent, RejectionReason } from '#src/domain/events.ts';
import type { Approval, Posting } from '#src/domain/journal-transaction.ts';
import type { PaymentStatus, Reversal, Settlement } from '#src/domain/ledger/payment-state.ts';
import type { ListKind, ListName } from '#src/domain/list-entry.ts';
import type { PaymentFacts, PaymentPersonal } from '#src/domain/payment.ts';

export interface PaymentView {
  readonly facts: PaymentFacts;
  /** Absent when nothing personal was sent, or when it was erased. */
  readonly personal?: PaymentPersonal;
  readonly erased: boolean;
  readonly receivedAt: number;
  readonly status: PaymentStatus;
  readonly awaiting?: Awaitable;
  /** When what it awaits ends it. */
  readonly until?: number;
  readonly rejection?: RejectionReason;
  readonly capturedAmount: number;
  readonly reversedAmount: number;
  /** Where the money is; absent as long as nothing was captured. */
  readonly settlement?: Settlement;
  /** What came back because the creditor, in another shard, could not take it. */
  readonly returnedAmount: number;
  /** Reversals that the creditor's shard has not answered yet. */
  readonly pendingReversals: readonly Pick<Reversal, 'id' | 'kind' | 'amount'>[];
  /** It was taken back, because its id was another shard's first. */
  readonly idConflict: boolean;
  /** Every decision, oldest first; empty for a rejection. */
  readonly decisions: readonly DecisionRecord[];
  readonly version: number;
  /** Only in the read of one payment. */
  readonly details?: PaymentDetails;
}

export interface PaymentDetails {
  /** What was scored at the first decision, by feature; absent for a rejection. */
  readonly vector?: Float32Array;
  readonly labels: readonly LabelView[];
  readonly history: readonly HistoryView[];
}

export interface LabelView {
  readonly id: string;
  readonly label: string;
  readonly kind?: string;
  readonly source: string;
  readonly state?: string;
  readonly observedAt: number;
}

/** One event of the payment's life. */
export interface HistoryView {
  readonly event: LedgerEvent['type'];
  readonly at: number;
  readonly actor: string;
  readonly position: number;
  /** The capture or the reversal that it was. */
  readonly id?: string;
  readonly amount?: number;
}

export interface AccountView {
  readonly id: string;
  readonly asset: string;
  readonly status: AccountStatus;
  readonly debitsFrozen: boolean;
  readonly creditsFrozen: boolean;
  readonly overdraft: Overdraft;
  readonly overdraftLimit?: number;
  readonly openedAt: number;
  readonly posted: bigint;
  readonly heldDebits: bigint;
  readonly heldCredits: bigint;
  readonly available: bigint;
  readonly receivable: bigint;
}

export interface EntryView {
  /** The journal transaction. */
  readonly transaction: number;
  readonly at: number;
  readonly asset: string;
  /** A credit is positive, a debit negative. */
  readonly amount: bigint;
  /** The account's posted balance after it. */
  readonly balance: bigint;
  readonly approval: Approval;
  /** The payment or transfer that it came from. */
  readonly paymentId?: string;
  readonly transferId?: string;
}

export interface TransactionView {
  readonly id: number;
  /** Position of its row in the log. */
  readonly position: number;
  readonly at: number;
  readonly approval: Approval;
  readonly postings: readonly Posting[];
  readonly paymentId?: string;
  readonly transferId?: string;
}

export interface EventView {
  /** Where it stands in the log: position of the row, and the event's place in it, from 0. */
  readonly position: number;
  readonly index: number;
  /** The command's position in the shard's input. */
  readonly input: number;
  readonly at: number;
  readonly actor: string;
  readonly cause: string;
  readonly event: LedgerEvent;
}

/** What named an entity in one window of feature time. */
export interface WindowCounts {
  /** False: it holds more than the newest 1,000 payments, and of those everything here was counted. */
  readonly complete: boolean;
  /** Payments of every outcome. */
  readonly attempts: number;
  /** Minor units by asset. */
  readonly amounts: Readonly<Record<string, bigint>>;
  /** How many different entities of each kind were named with it; absent where they cannot be told apart. */
  readonly distinct?: Readonly<Record<string, number>>;
}

export interface EntityWindows {
  /** The end of every window, milliseconds since 1970: the newest time that the log has. */
  readonly asOf: number;
  /** By the window's name, `1m` to `30d`. */
  readonly counts: Readonly<Record<string, WindowCounts>>;
}

export interface EntityView {
  readonly kind: EntityKind;
  readonly id: string;
  /** These are absent when no payment is found by it: of an e-mail, a BIN or a network none ever is. */
  readonly firstSeenAt?: number;
  readonly lastSeenAt?: number;
  readonly payments?: number;
  readonly windows?: EntityWindows;
  /** Other entities that were seen with it, most recent first, at most 100. */
  readonly links: readonly { readonly kind: EntityKind; readonly id: string; readonly payments: number }[];
  readonly labels: readonly LabelView[];
  readonly listEntries: readonly ListEntryView[];
}

/** A token that is in force; not what it is, only its digest. */
export interface TokenView {
  readonly tokenId: string;
  readonly name: string;
  /** SHA-256 of the token. */
  readonly digest: Uint8Array;
  readonly scopes: readonly string[];
}

export interface ListEntryView {
  readonly id: string;
  readonly list: ListName;
  readonly kind: ListKind;
  /** Absent when it was erased. */
  readonly value?: string;
  readonly reason: string;
  readonly owner: string;
  readonly expiresAt?: number;
}
