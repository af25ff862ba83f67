/**
 * The two words that the writer and its checkpoint thread share. Memory and not messages, because a writer
 * that is busy with batches may not come back to its event loop for long.
 *
 * idle -> requested (writer) -> copied (thread) -> idle (writer); failed and closing end it.
 */
export const CHECKPOINT_STATE = { idle: 0, requested: 1, copied: 2, failed: 3, closing: 4 } as const;

/** Where each word stands: the state, and SQLite's result code of a failure. */
export const CHECKPOINT_WORD = { state: 0, errorCode: 1 } as const;

export interface CheckpointWorkerData {
  readonly path: string;
  readonly control: Int32Array;
}
