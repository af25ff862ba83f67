/** The writer's side of the checkpoint thread: when to ask it, and when to take the last part itself. */
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

import { CHECKPOINT_STATE, type CheckpointWorkerData } from '#src/adapters/sqlite/checkpoint-control.ts';
import { checkpoint } from '#src/adapters/sqlite/journal-checkpoint.ts';

/** The journal is copied whenever this much was written: smaller means shorter stalls, larger means fewer. */
const CHECKPOINT_EVERY_BYTES = 4 * 1024 * 1024;
/** A journal that the thread could not empty by then is emptied by the writer, which fails if that fails. */
const JOURNAL_BYTES_MAX = 512 * 1024 * 1024;

export interface Checkpointer {
  /** To be called before each commit. @throws errors of SQLite when the journal cannot be emptied any more. */
  beforeCommit(bytes: number): void;
  /** Resolves when the thread is not at work, so that the writer can checkpoint. */
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

export interface CheckpointerDeps {
  readonly path: string;
  /** The writer's own connection. */
  readonly writer: DatabaseSync;
  readonly onCheckpointFailed: () => void;
}

export function startCheckpointer({ path, writer, onCheckpointFailed }: CheckpointerDeps): Checkpointer {
  const control = new Int32Array(new SharedArrayBuffer(4));
  const data: CheckpointWorkerData = { path, control };
  const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
    workerData: data,
    execArgv: [],
  });
  worker.unref();
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.once('error', () => {
    setState(CHECKPOINT_STATE.closing);
    onCheckpointFailed();
  });
  let bytesSinceRequest = 0;
  let bytesInJournal = 0;

  function setState(state: number): void {
    Atomics.store(control, 0, state);
    Atomics.notify(control, 0);
  }

  function finishCheckpoint(): void {
    if (checkpoint(writer, 'PASSIVE').remainingFrames === 0) bytesInJournal = 0;
  }

  function takeResult(): void {
    const state = Atomics.load(control, 0);
    if (state === CHECKPOINT_STATE.copied) finishCheckpoint();
    else if (state === CHECKPOINT_STATE.failed) onCheckpointFailed();
    else return;
    setState(CHECKPOINT_STATE.idle);
  }

  return {
    beforeCommit(bytes) {
      takeResult();
      if (bytesInJournal > JOURNAL_BYTES_MAX) finishCheckpoint();
      bytesInJournal += bytes;
      bytesSinceRequest += bytes;
      if (bytesSinceRequest < CHECKPOINT_EVERY_BYTES) return;
      const before = Atomics.compareExchange(control, 0, CHECKPOINT_STATE.idle, CHECKPOINT_STATE.requested);
      if (before !== CHECKPOINT_STATE.idle) return;
      bytesSinceRequest = 0;
      Atomics.notify(control, 0);
    },
    async whenIdle() {
      while (Atomics.load(control, 0) === CHECKPOINT_STATE.requested) {
        await Atomics.waitAsync(control, 0, CHECKPOINT_STATE.requested).value;
      }
    },
    async close() {
      worker.ref();
      setState(CHECKPOINT_STATE.closing);
      await exited;
    },
  };
}
