/** What can go wrong with a state store. It is a cache of the log, so neither loses anything. */

/** The device does not read or write at present; the same may work later. */
export class StateStoreFailed extends Error {
  override readonly name = 'StateStoreFailed';
}

/** What is stored cannot be read as it stands: it has to be emptied and built again from the log. */
export class StateStoreDamaged extends Error {
  override readonly name = 'StateStoreDamaged';
}

/** Reads something of a store. @throws StateStoreDamaged where it does not decode. */
export function readStored<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof StateStoreFailed || error instanceof StateStoreDamaged) throw error;
    throw new StateStoreDamaged(`${what} does not decode`, { cause: error });
  }
}

/** Whether an error is, or was caused by, a damaged store. */
export function isStoreDamage(error: unknown): boolean {
  if (error instanceof StateStoreDamaged) return true;
  if (error instanceof AggregateError && error.errors.some(isStoreDamage)) return true;
  return error instanceof Error && error.cause !== undefined && isStoreDamage(error.cause);
}
