/**
 * The durable log of one shard: sealed rows, one for each batch, in order and without gaps.
 *
 * It owns what is durable and in which order. It does not know what a row says: bodies and personal
 * parts are opaque bytes, and the chain of hashes is made and checked by `journal/hash-chain.ts`.
 *
 * What every adapter guarantees (`test/contract/event-log.ts` holds them to it):
 *
 * 1. A row whose `append` resolved survives `kill -9` and power loss; a row is there whole or not at all.
 * 2. Positions are 1, 2, 3, … A row that does not follow the head is a bug of the caller and is refused.
 * 3. After any failed `append` the outcome is unknown (`CommitOutcomeUnknown`): the log refuses further
 *    work, and the caller closes it, opens it again and reads back what is really there.
 * 4. What `open` shows is durable: a row that only the operating system's cache still knew has been
 *    written again before the head is answered.
 * 5. Readers see only committed rows, and rows never change, apart from the erasure of personal parts.
 */

import type { RowInputs } from '#src/domain/encoding/row-codec.ts';
import type { PaymentChange } from '#src/domain/payment-change.ts';

export const HASH_BYTES = 32;

/** Largest body, and largest personal part, of a row: far above a batch of 1,024, far below what SQLite or a broker takes. */
export const MAX_ROW_BYTES = 64 * 1024 * 1024;

/** Most rows that one erasure may touch: their personal parts are in memory at once. */
export const MAX_ERASED_ROWS = 1024;

/** Which log this is; the hash of every row covers it, so rows of two ledgers cannot be mixed. */
export interface LogIdentity {
  /** 1 to 64 characters, made once when the log is made. */
  readonly ledgerId: string;
  readonly shard: number;
}

export interface LogHead {
  /** Position of the newest row, 0 in an empty log. */
  readonly position: number;
  /** Hash of the newest row, 32 zero bytes in an empty log. */
  readonly hash: Uint8Array;
}

export interface LogRow {
  /** 1, 2, 3, … without gaps. */
  readonly position: number;
  /** Hash of the row before, 32 zero bytes for the first. */
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
  /** The encoded facts of one batch; starts with the version of its encoding; covered by the hash. */
  readonly body: Uint8Array;
  /** The batch's personal parts, which can be erased; the body holds a salted digest of each. `null`: none, or not asked for. */
  readonly personal: Uint8Array | null;
}

export interface ReadRange {
  /** The first position wanted. */
  readonly from: number;
  /** At most this many rows, 256 if absent. */
  readonly maxRows?: number;
  /** No further row once the page holds this many bytes (so one row always fits), 16 MiB if absent. */
  readonly maxBytes?: number;
  /** False leaves the personal parts on disk, which is faster. True if absent. */
  readonly withPersonal?: boolean;
}

export const DEFAULT_READ = { maxRows: 256, maxBytes: 16 * 1024 * 1024, withPersonal: true } as const;

/** For another shard of the ledger. */
export interface OutgoingMessage {
  /** Index of the shard. */
  readonly target: number;
  readonly bytes: Uint8Array;
}

/** What is made durable together with a row, in the same commit, where shards are fed by topics. */
export interface RowSending {
  /** How far the row has taken the shard's inputs; the row's body says the same. */
  readonly inputs: RowInputs;
  readonly messages: readonly OutgoingMessage[];
  /** What other systems are told of payments. */
  readonly changes: readonly PaymentChange[];
}

/** What remains of a row's personal part, `null` for nothing. It has to be the same bytes whenever it is run again. */
export type PersonalTransform = (position: number, personal: Uint8Array) => Uint8Array | null;

export interface ErasureOutcome {
  /** Rows whose personal part was changed. */
  readonly changedRows: number;
  /**
   * True once no file of the log holds the old bytes. False: they are out of every answer, but a copy still
   * stands in a journal file because a reader was using it; erase again (no positions needed) to try again.
   */
  readonly scrubbed: boolean;
}

export interface EventLogReader {
  readonly identity: LogIdentity;
  head(): Promise<LogHead>;
  /** One page of rows in order, empty at the end. Rows committed while it reads may or may not be in it. */
  read(range: ReadRange): Promise<readonly LogRow[]>;
  close(): Promise<void>;
}

export interface EventLog extends EventLogReader {
  /**
   * Makes a sealed row durable. Its position and `previousHash` must follow the head. A log that is in
   * one file takes no `sending`: there is nobody to send to.
   * @throws CommitOutcomeUnknown on any failure; the log must then be closed and opened again.
   */
  append(row: LogRow, sending?: RowSending): Promise<void>;
  /**
   * Replaces the personal parts of up to `MAX_ERASED_ROWS` rows, all or none. Bodies and hashes stay as they are.
   * What `transform` throws is thrown on, and nothing has changed then.
   * @throws CommitOutcomeUnknown on any failure; running it again after the reopening is safe.
   */
  erasePersonal(positions: readonly number[], transform: PersonalTransform): Promise<ErasureOutcome>;
}

/**
 * Opens the log, making it with `identityIfNew` if there is none.
 * @throws EventLogError that says whether trying again can help.
 */
export type OpenEventLog = (identityIfNew: LogIdentity) => Promise<EventLog>;

/** The head of a log without rows; also what the first row's `previousHash` is. */
export const EMPTY_HEAD: LogHead = { position: 0, hash: new Uint8Array(HASH_BYTES) };
