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

/** SQLite's extended result code, `null` for an error that is not SQLite's. */
export function resultCodeOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode : null;
}

/** `null` if this is no error of the storage, or one that only a bug can cause. */
export function faultOf(error: unknown): EventLogFault | null {
  if (error instanceof EventLogError) return error.fault;
  const code = resultCodeOf(error);
  return code === null ? null : faultOfCode(code);
}

export function faultOfCode(code: number): EventLogFault | null {
  return FAULT_BY_CODE.get(code & 0xff) ?? null;
}

/** Runs what cannot have changed anything, so that its failure leaves nothing unknown. */
export function namingFaults<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null || error instanceof EventLogError) throw error;
    throw new EventLogError(fault, `${doing}: ${messageOf(error)}`, { cause: error });
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
