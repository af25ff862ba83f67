/** Why the log could not do what it was asked; each says whether trying again can help. */

export type EventLogFault =
  /** No space left on the device. */
  | 'full'
  /** The folder or the device is read-only. */
  | 'readOnly'
  /** The device reported an error on read, write or sync. */
  | 'io'
  /** Another process or a long reader is in the way. */
  | 'busy'
  /** What is stored contradicts itself: nothing may be written on top of it. */
  | 'damaged'
  /** Another process has taken the log over: whoever finds this out has to leave it alone. */
  | 'fenced'
  /** There is no log where one was to be read. */
  | 'absent'
  /** Written by a version of this program that this one does not know, or not a log at all. */
  | 'unknownFormat';

const TERMINAL: ReadonlySet<EventLogFault> = new Set<EventLogFault>([
  'damaged',
  'fenced',
  'absent',
  'unknownFormat',
]);

/** The log cannot be opened, read or written now. Nothing was acknowledged. */
export class EventLogError extends Error {
  override readonly name: string = 'EventLogError';
  readonly fault: EventLogFault;
  /** False: a person has to look first. */
  readonly retryable: boolean;

  constructor(fault: EventLogFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
    this.retryable = !TERMINAL.has(fault);
  }
}

/**
 * A commit failed, and whether its row stands is not known: a sync that reported an error can still have
 * written. Close the log, throw away what was derived from the row, open it again and read the head back.
 */
export class CommitOutcomeUnknown extends EventLogError {
  override readonly name = 'CommitOutcomeUnknown';
}
