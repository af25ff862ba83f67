/**
 * A local copy of a log that lives elsewhere, for whoever reads rows of it all the time. It is a cache:
 * nothing in it is synced, and one that does not continue its source is thrown away and made again.
 *
 * Rows and personal parts arrive on two ways that do not wait for each other, so a personal part may be
 * here before its row. How far each way was read is stored together with what was read.
 */
import type { EventLogReader, LogRow } from './event-log.ts';

export interface MirroredPersonal {
  readonly position: number;
  /** Empty: everything of it was erased. */
  readonly parts: Uint8Array;
}

/** What comes next on each way; as digits, because offsets may pass 2^53. */
export interface MirrorInputs {
  readonly rows: string;
  readonly personal: string;
}

export interface MirroredBatch {
  /** In order, the first behind the head; without their personal parts. */
  readonly rows: readonly Omit<LogRow, 'personal'>[];
  readonly personal: readonly MirroredPersonal[];
  readonly inputs: MirrorInputs;
}

export interface LogMirror extends EventLogReader {
  /** Undefined in a new mirror. */
  readonly inputs: MirrorInputs | undefined;
  /** Whether the personal part of that row is here, or was and is erased. */
  hasPersonal(position: number): boolean;
  /** All of it or nothing. */
  take(batch: MirroredBatch): void;
}
