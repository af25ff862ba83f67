/**
 * The writer's side of the checkpoint thread: when to ask it, and when to take the last part itself.
 *
 * A copy that failed stops the log. Every row is still in the journal, but SQLite remembers what it has copied
 * and not what it has synced: after a failed sync the kernel may have dropped pages that SQLite will not copy
 * again. Opening the log anew copies all of the journal, provided that no reader has kept it open meanwhile.
 */
import { once } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

import {
  CHECKPOINT_STATE,
  CHECKPOINT_WORD,
  type CheckpointWorkerData,
} from '#src/adapters/sqlite/checkpoint-control.ts';
import { checkpoint } from '#src/adapters/sqlite/journal-checkpoint.ts';
import { faultOfCode } from '#src/adapters/sqlite/sqlite-fault.ts';
import { EventLogError } from '#src/ports/event-log-error.ts';

/** The journal is copied whenever this much was written: smaller means shorter stalls, larger means fewer. */
const CHECKPOINT_EVERY_BYTES = 4 * 1024 * 1024;
/** A journal that the thread could not empty by then is emptied by the writer, which fails if that fails. */
const JOURNAL_BYTES_MAX = 512 * 1024 * 1024;

export interface Checkpointer {
  /** To be called before each commit. @throws what kept the journal from being copied */
  beforeCommit(bytes: number): void;
  /** Resolves when the thread is not at work, so that the writer can checkpoint. */
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

export interface CheckpointerDeps {
  readonly path: string;
  /** The writer's own connection. */
  readonly writer: DatabaseSync;
}

export function startCheckpointer({ path, writer }: CheckpointerDeps): Checkpointer {
  const control = new Int32Array(new SharedArrayBuffer(8));
  /** Started when there is something to copy: many logs are opened only for a moment. */
  let thread: Worker | null = null;
  let bytesSinceRequest = 0;
  let bytesInJournal = 0;

  function startThread(): Worker {
    const data: CheckpointWorkerData = { path, control };
    const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), {
      workerData: data,
      execArgv: [],
    });
    worker.unref();
    worker.once('error', () => setState(CHECKPOINT_STATE.failed));
    return worker;
  }

  function setState(state: number): void {
    Atomics.store(control, CHECKPOINT_WORD.state, state);
    Atomics.notify(control, CHECKPOINT_WORD.state);
  }

  function finishCheckpoint(): void {
    if (checkpoint(writer, 'PASSIVE').remainingFrames === 0) bytesInJournal = 0;
  }

  function takeResult(): void {
    const state = Atomics.load(control, CHECKPOINT_WORD.state);
    if (state === CHECKPOINT_STATE.failed) throw checkpointFailure();
    if (state !== CHECKPOINT_STATE.copied) return;
    finishCheckpoint();
    setState(CHECKPOINT_STATE.idle);
  }

  function checkpointFailure(): EventLogError {
    const code = Atomics.load(control, CHECKPOINT_WORD.errorCode);
    return new EventLogError(
      faultOfCode(code) ?? 'io',
      `the journal cannot be copied: SQLite reports ${code}`,
    );
  }

  return {
    beforeCommit(bytes) {
      takeResult();
      if (bytesInJournal > JOURNAL_BYTES_MAX) finishCheckpoint();
      bytesInJournal += bytes;
      bytesSinceRequest += bytes;
      if (bytesSinceRequest < CHECKPOINT_EVERY_BYTES) return;
      if (Atomics.load(control, CHECKPOINT_WORD.state) !== CHECKPOINT_STATE.idle) return;
      bytesSinceRequest = 0;
      setState(CHECKPOINT_STATE.requested);
      thread ??= startThread();
    },
    async whenIdle() {
      while (Atomics.load(control, CHECKPOINT_WORD.state) === CHECKPOINT_STATE.requested) {
        await Atomics.waitAsync(control, CHECKPOINT_WORD.state, CHECKPOINT_STATE.requested).value;
      }
    },
    async close() {
      setState(CHECKPOINT_STATE.closing);
      if (thread === null || thread.threadId === -1) return;
      thread.ref();
      await once(thread, 'exit');
    },
  };
}
