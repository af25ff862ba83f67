/** Tells a store of LevelDB that is damaged from a device that fails. */
import { existsSync, readdirSync } from 'node:fs';
import { StateStoreDamaged, StateStoreFailed } from '#src/ports/state-store-error.ts';

/**
 * Without its file CURRENT LevelDB would begin anew beside the old files, and apply what is left in their
 * journal. @throws StateStoreDamaged
 */
export function refuseHeadless(folder: string): void {
  if (!existsSync(folder)) return;
  const files = readdirSync(folder);
  if (files.includes('CURRENT') || !files.some((file) => file.endsWith('.ldb'))) return;
  throw new StateStoreDamaged(`the store ${folder} has lost its file CURRENT`);
}

/** The same error as one of the port. */
export function storeFault(folder: string, error: unknown): Error {
  const reason = reasonOf(error);
  return isCorruption(error)
    ? new StateStoreDamaged(`the store ${folder} is damaged: ${reason}`, { cause: error })
    : new StateStoreFailed(`the store ${folder} failed: ${reason}`, { cause: error });
}

/** A table file that was cut off is mapped beyond its end, which the system calls an invalid argument. */
function isCorruption(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isCorrupt = 'code' in error && error.code === 'LEVEL_CORRUPTION';
  return isCorrupt || error.message.endsWith('.ldb: Invalid argument') || isCorruption(error.cause);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
