/**
 * The thread that copies rows from the journal into the file of the log, on a connection of its own, so that
 * the writer does not stand still for it: on the writer this is what makes the tail of commit times.
 *
 * It uses the kind of checkpoint that holds nobody up, repeated until little is left; the writer takes that
 * last part itself, between two commits, because only then does SQLite start its journal from the front again.
 */
import { workerData } from 'node:worker_threads';

import {
  CHECKPOINT_STATE,
  CHECKPOINT_WORD,
  type CheckpointWorkerData,
} from '#src/adapters/sqlite/checkpoint-control.ts';
import { checkpoint } from '#src/adapters/sqlite/journal-checkpoint.ts';
import { connectCheckpointer } from '#src/adapters/sqlite/log-connection.ts';
import { resultCodeOf } from '#src/adapters/sqlite/sqlite-fault.ts';

/** What may be left for the writer: 64 pages of 4 KiB, a millisecond. */
const SMALL_TAIL_FRAMES = 64;
/** Each pass leaves what was written while it ran, so a few are enough; the writer is given the rest anyway. */
const PASSES_MAX = 4;

const { path, control } = workerData as CheckpointWorkerData;
const database = connectCheckpointer(path);

function copyJournal(): number {
  try {
    for (let pass = 0; pass < PASSES_MAX; pass++) {
      if (checkpoint(database, 'PASSIVE').remainingFrames <= SMALL_TAIL_FRAMES) break;
    }
    return CHECKPOINT_STATE.copied;
  } catch (error) {
    const code = resultCodeOf(error);
    if (code === null) throw error;
    Atomics.store(control, CHECKPOINT_WORD.errorCode, code);
    return CHECKPOINT_STATE.failed;
  }
}

let state: number = CHECKPOINT_STATE.idle;
while (state !== CHECKPOINT_STATE.closing) {
  if (state === CHECKPOINT_STATE.requested) {
    Atomics.compareExchange(control, CHECKPOINT_WORD.state, CHECKPOINT_STATE.requested, copyJournal());
    Atomics.notify(control, CHECKPOINT_WORD.state);
  } else {
    Atomics.wait(control, CHECKPOINT_WORD.state, state);
  }
  state = Atomics.load(control, CHECKPOINT_WORD.state);
}
database.close();
