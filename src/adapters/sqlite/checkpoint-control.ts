/**
 * The word that the writer and its checkpoint thread share. Memory and not messages, because a writer that
 * is busy with batches may not come back to its event loop for long.
 *
 * idle -> requested (writer) -> copied | failed (thread) -> idle (writer); closing ends it from any state.
 */
export const CHECKPOINT_STATE = { idle: 0, requested: 1, copied: 2, failed: 3, closing: 4 } as const;

export interface CheckpointWorkerData {
  readonly path: string;
  /** One 32-bit integer, a value of `CHECKPOINT_STATE`. */
  readonly control: Int32Array;
}
