/**
 * The histories of entities where several shards share them: one log of records for each entity, which
 * the store keeps and never reads. What a record says is the features' (`features/shared/`).
 *
 * - `append` is confirmed by the length that the log has behind it.
 * - A log only grows within an epoch, but for its head: `replaceHead` puts a shorter one in its place, in
 *   one step that nobody else's append can fall into. When the store may have lost anything (it was
 *   restarted, another machine took over, it is empty), a new epoch begins, and nothing is believed of it
 *   until every shard has marked the epoch as told again.
 * - Any call may fail after it has taken effect. Appending again is right: who reads ignores repetitions.
 */

/** Bytes of a record; what is appended is a whole number of them. */
export const RECORD_BYTES = 48;

export interface EntityAppend {
  readonly name: string;
  /** One record or several, which stand behind each other in the log. */
  readonly records: Uint8Array;
}

export interface EntityRead {
  readonly name: string;
  /** The first byte that is wanted. */
  readonly from: number;
  /** How many, where not all up to the log's end. */
  readonly bytes?: number;
}

export interface HeadReplacement {
  readonly name: string;
  /** What the log has to begin with. */
  readonly was: Uint8Array;
  readonly becomes: Uint8Array;
}

/** How far a shard has told the store what its log says. */
export interface ShardMark {
  readonly epoch: number;
  /** Everything of the log rows up to here is in the store. */
  readonly position: number;
  /** The last row of the shard's log, as far as it was known then. */
  readonly head: number;
  /** Everything up to here was there long before: what a store that has lost its last minutes still has. */
  readonly settledPosition: number;
  /** Shard time of the row that is told next, while rows are told again. */
  readonly time: number;
  /** Within the epoch `position` has reached `head` once: nothing that the epoch began without is missing. */
  readonly isWhole: boolean;
}

export type StoreStanding =
  | { readonly type: 'ready'; readonly epoch: number }
  /** It cannot be reached, or cannot be used; it is tried again without end. */
  | { readonly type: 'away'; readonly reason: string };

export interface EntityLogStore {
  readonly standing: StoreStanding;
  /** The bytes of each log behind its append. @throws EntityLogError when any is not confirmed. */
  append(appends: readonly EntityAppend[]): Promise<readonly number[]>;
  /**
   * Empty behind the end of a log, and for a log that is not there. What is long is read in pieces, between
   * which a head may be replaced. @throws EntityLogError
   */
  read(reads: readonly EntityRead[]): Promise<readonly Uint8Array[]>;
  /**
   * False, and nothing is changed, when the log begins otherwise than it `was`. What was appended behind
   * stays. @throws EntityLogError
   */
  replaceHead(replacement: HeadReplacement): Promise<boolean>;
  /** The shard that each payment id belongs to: the first that asked, within a day. @throws EntityLogError */
  claim(paymentIds: readonly string[], shard: number): Promise<readonly number[]>;
  /** By shard. @throws EntityLogError */
  readMarks(): Promise<ReadonlyMap<number, ShardMark>>;
  /** @throws EntityLogError */
  writeMark(shard: number, mark: ShardMark): Promise<void>;
  /** Begins a new epoch, because logs have turned out to lack records. @throws EntityLogError */
  renew(): Promise<void>;
  /** Forgets all logs and marks; a new epoch begins. @throws EntityLogError */
  clear(onCleared: (logs: number) => void): Promise<void>;
  close(): Promise<void>;
}

export type EntityLogFault =
  /** Not reached, or no answer in time: what was asked may have been done. */
  | 'unreachable'
  /** No memory left: nothing is evicted, so nothing more is taken in. */
  | 'full'
  | 'readOnly'
  /** A server, a version or a setting that histories cannot be trusted to. */
  | 'unsuitable'
  /** Another epoch has begun. */
  | 'changed'
  /** A log is shorter than it was. */
  | 'lost';

/** Worth trying again, all of it: the store does so by itself. */
export class EntityLogError extends Error {
  override readonly name = 'EntityLogError';
  readonly fault: EntityLogFault;

  constructor(fault: EntityLogFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}
