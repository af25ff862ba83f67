/** Reads what SQLite says has gone wrong, in the words of the port. */
import type { EventLogFault } from '#src/ports/event-log-error.ts';
import { EventLogError } from '#src/ports/event-log-error.ts';

/** Primary result codes, https://sqlite.org/rescode.html; the low byte of an extended code. */
const FAULT_BY_CODE: ReadonlyMap<number, EventLogFault> = new Map<number, EventLogFault>([
  [5, 'busy'],
  [6, 'busy'],
  [8, 'readOnly'],
  [10, 'io'],
  [11, 'damaged'],
  [13, 'full'],
  [14, 'io'],
  [26, 'damaged'],
]);

/** `null` if this is no error of SQLite's, or one that only a bug can cause. */
export function faultOf(error: unknown): EventLogFault | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return FAULT_BY_CODE.get(error.errcode & 0xff) ?? null;
}

/** Runs what cannot have changed anything, so that its failure leaves nothing unknown. */
export function namingFaults<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    throw new EventLogError(fault, `${doing}: ${messageOf(error)}`, { cause: error });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
