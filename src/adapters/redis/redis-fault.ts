/** What a failure that Redis or its client reports means for the histories. */
import { EntityLogError, type EntityLogFault } from '#src/ports/entity-log-store.ts';

/** By the first word of the server's answer. */
const FAULTS: Readonly<Record<string, EntityLogFault>> = {
  OOM: 'full',
  READONLY: 'readOnly',
  // It cannot write its files, and refuses to take in what it may not keep.
  MISCONF: 'readOnly',
  NOREPLICAS: 'readOnly',
  NOAUTH: 'unsuitable',
  WRONGPASS: 'unsuitable',
  NOPERM: 'unsuitable',
  WRONGTYPE: 'unsuitable',
};

export function redisFault(error: unknown): EntityLogError {
  if (error instanceof EntityLogError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const word = message.split(' ', 1)[0] ?? '';
  return new EntityLogError(FAULTS[word] ?? 'unreachable', `Redis: ${message}`, { cause: error });
}
