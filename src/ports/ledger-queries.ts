/**
 * Reads of the ledger, answered from projections of the log.
 *
 * A projection follows the log with a small lag. Every read takes the position that it must at least
 * have seen, and waits for it, so that who wrote also reads what was written.
 */
import type { EntityKind } from '#src/domain/entity.ts';
import type { ListName } from '#src/domain/list-entry.ts';
import type {
  AccountView,
  EntityView,
  EntryView,
  EventView,
  ListEntryView,
  PaymentView,
  TokenView,
  TransactionView,
} from './ledger-views.ts';
import type { SeenPositions } from './log-place.ts';
import type { Subject, SubjectParts } from './subject.ts';

/** The projection did not reach the position in time; retryable. */
export class ProjectionBehindError extends Error {
  override readonly name = 'ProjectionBehindError';
  readonly retryable = true;
}

/** A cursor that this projection did not give out. */
export class CursorInvalidError extends Error {
  override readonly name = 'CursorInvalidError';
  readonly retryable = false;
}

export interface ReadOptions {
  /** What the answer must have seen. */
  readonly seen: SeenPositions;
}

export interface PageOptions extends ReadOptions {
  /** The `next` of the page before, opaque; absent for the first. */
  readonly after?: string;
  /** From 1 to 1,000. */
  readonly limit: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; absent when there is none now. */
  readonly next?: string;
}

export interface CursorPage<Item> extends Page<Item> {
  /** For each item the cursor behind it, so that a reader can stop anywhere. */
  readonly cursors: readonly string[];
}

/** A page of a log, which never ends: there is always a next one, which may be empty for now. */
export interface LogPage<Item> extends CursorPage<Item> {
  /** An empty page can have moved on, over rows with nothing of its kind. */
  readonly next: string;
}

/** Everything given must match. Times are milliseconds since 1970 of `occurredAt`, `from` included, `to` not. */
export interface PaymentSearch extends PageOptions {
  readonly account?: string;
  readonly creditor?: string;
  readonly card?: string;
  readonly device?: string;
  readonly ip?: string;
  readonly reference?: string;
  readonly group?: string;
  readonly status?: string;
  readonly outcome?: string;
  readonly from?: number;
  readonly to?: number;
}

export interface AccountRead extends ReadOptions {
  /** The balance as it was at this instant of shard time; absent for now. */
  readonly at?: number;
}

export interface EntityName {
  readonly kind: EntityKind;
  readonly id: string;
}

/** Each rejects with `ProjectionBehindError` when the position is not reached in time. */
export interface LedgerQueries {
  readonly payment: (id: string, options: ReadOptions) => Promise<PaymentView | undefined>;
  /** Newest first. */
  readonly searchPayments: (search: PaymentSearch) => Promise<CursorPage<PaymentView>>;
  readonly account: (id: string, options: AccountRead) => Promise<AccountView | undefined>;
  /** In the order of the journal; undefined when there is no such account. */
  readonly accountEntries: (id: string, options: PageOptions) => Promise<Page<EntryView> | undefined>;
  readonly entity: (name: EntityName, options: ReadOptions) => Promise<EntityView | undefined>;
  readonly listEntries: (list: ListName, options: PageOptions) => Promise<Page<ListEntryView>>;
  /** What can be erased of what is known of one person; absent where there are several shards. */
  readonly subject?: (subject: Subject, options: ReadOptions) => Promise<SubjectParts>;
  /** The tokens that are in force. */
  readonly tokens: (options: ReadOptions) => Promise<readonly TokenView[]>;
  /** The log in order, resumable. */
  readonly journal: (options: PageOptions) => Promise<LogPage<TransactionView>>;
  readonly events: (options: PageOptions) => Promise<LogPage<EventView>>;
  /** Grows whenever reads show more: the log position that they show, the sum of them where there are several shards. */
  readonly position: () => number;
  /** Calls the listener whenever that position has moved, until the returned function is called. */
  readonly onPosition: (listener: (position: number) => void) => () => void;
}
