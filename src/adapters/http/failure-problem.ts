/** Turns what a handler threw into an answer: operating errors that can be retried, and bugs. */
import type { Logger } from '#src/observability/logger.ts';
import { CursorInvalidError, ProjectionBehindError } from '#src/ports/ledger-queries.ts';
import type { Problem } from './problem.ts';

/** A bug is logged and answered without a word about its inside. */
export function failureProblem(error: unknown, log: Logger): Problem {
  if (error instanceof ProjectionBehindError) {
    return { type: 'behind', detail: 'reads have not caught up with what was written', retryAfterSeconds: 1 };
  }
  if (error instanceof CursorInvalidError) {
    return { type: 'invalid', detail: 'after is not a cursor of this list', errors: [CURSOR_PROBLEM] };
  }
  log.error('a request failed', { error: error instanceof Error ? error : new Error('not an error') });
  return { type: 'internal', detail: 'the request could not be answered; the log of the server says more' };
}

const CURSOR_PROBLEM = { path: 'after', message: 'must be the next of an earlier page of this list' };
