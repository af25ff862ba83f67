/**
 * Problem details (RFC 9457): what an error looks like to a client. `type` is stable and is what a
 * program should look at; `docs/problems.md` says what each means and what to do.
 */
import type { InputProblem } from '#src/ingest/list-problems.ts';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
}

/** Every problem that this server answers with, by the last part of its type. */
export const PROBLEM_KINDS = {
  'not-json': { status: 400, title: 'The body is not a JSON object' },
  'bad-request': { status: 400, title: 'The request is not valid HTTP' },
  unauthorized: { status: 401, title: 'A valid token is needed' },
  forbidden: { status: 403, title: 'The token may not do this' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  'too-slow': { status: 408, title: 'The body came too slowly' },
  conflict: { status: 409, title: 'The state of the ledger does not allow this' },
  'id-taken': { status: 409, title: 'The id was used with another content' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  invalid: { status: 422, title: 'The request is not allowed' },
  'too-many-requests': { status: 429, title: 'The token makes too many requests' },
  'headers-too-large': { status: 431, title: 'The header fields are too large' },
  internal: { status: 500, title: 'Something is broken here' },
  overloaded: { status: 503, title: 'More work has come than can be done' },
  'outcome-unknown': { status: 503, title: 'Whether it was done is not known' },
  stopping: { status: 503, title: 'The server is stopping' },
  behind: { status: 503, title: 'Reads have not caught up' },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemType = keyof typeof PROBLEM_KINDS;

export interface Problem {
  readonly type: ProblemType;
  /** What is the matter this time, in words. Never repeats what was sent. */
  readonly detail: string;
  /** What is wrong with the input, by path. */
  readonly errors?: readonly InputProblem[];
  /** The ledger's own word for a refusal, for programs. */
  readonly code?: string;
  /** For the `Retry-After` header. */
  readonly retryAfterSeconds?: number;
  /** For the `Allow` header. */
  readonly allow?: readonly string[];
}

export function isProblemType(word: string): word is ProblemType {
  return Object.hasOwn(PROBLEM_KINDS, word);
}

/** The document as it is sent; `line` is for one line of a batch. */
export function problemJson(problem: Problem, line?: number): string {
  const { status, title } = PROBLEM_KINDS[problem.type];
  return JSON.stringify({
    type: `/problems/${problem.type}`,
    title,
    status,
    detail: problem.detail,
    code: problem.code,
    errors: problem.errors,
    line,
  });
}

export function invalid(errors: readonly InputProblem[]): Problem {
  const first = errors[0];
  const where = first === undefined || first.path === '' ? 'the body' : first.path;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return { type: 'invalid', detail: `${where} ${first?.message ?? 'is not allowed'}${more}`, errors };
}
