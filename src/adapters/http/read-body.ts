/**
 * Collects and parses a request's body, within limits that hold before anything is allocated for it.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Problem } from './problem.ts';

/** A payment is about one KiB; metadata at its limits is 27. The contract's limit. */
export const BODY_BYTES_MAX = 65_536;

/** Bodies up to here are parsed at once; what is deep in so few bytes costs microseconds. */
const SHORT_BODY_BYTES = 4096;
/** No schema nests deeper than three. */
const DEPTH_MAX = 8;

export type ParsedBody =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly problem: Problem };

const TOO_LARGE: Problem = { type: 'too-large', detail: `a body may have at most ${BODY_BYTES_MAX} bytes` };
const TOO_SLOW: Problem = { type: 'too-slow', detail: 'the body did not come to its end in time' };
const NOT_JSON: Problem = { type: 'not-json', detail: 'the body cannot be parsed as JSON in UTF-8' };
const NOT_AN_OBJECT: Problem = { type: 'not-json', detail: 'the body must be a JSON object' };
const TOO_DEEP: Problem = {
  type: 'invalid',
  detail: 'the body is nested deeper than anything that is allowed',
  errors: [{ path: '', message: `must not be nested deeper than ${DEPTH_MAX}` }],
};
const WRONG_TYPE: Problem = {
  type: 'unsupported-media-type',
  detail: 'the content type must be application/json',
};

/** The problem with the headers of a body, before any of it is read. */
export function bodyHeaderProblem(request: IncomingMessage): Problem | undefined {
  const contentType = request.headers['content-type'];
  if (contentType !== undefined && !isJsonType(contentType)) return WRONG_TYPE;
  const length = request.headers['content-length'];
  return length !== undefined && Number(length) > BODY_BYTES_MAX ? TOO_LARGE : undefined;
}

function isJsonType(contentType: string): boolean {
  if (contentType === 'application/json') return true;
  return /^application\/json\s*(?:;|$)/i.test(contentType);
}

/** From its first bytes on; 64 KiB in that time is what the slowest line in use carries. */
const BODY_SECONDS_MAX = 10;

/**
 * Calls back once with the whole body, or with the problem that ended the reading. When the client
 * goes away before the end it is never called.
 */
export function collectBody(
  request: IncomingMessage,
  done: (bytes: Buffer | Problem) => void,
  secondsMax: number = BODY_SECONDS_MAX,
): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let length = 0;
  let deadline: NodeJS.Timeout | undefined;
  let isEnded = false;
  const end = (outcome: Buffer | Problem): void => {
    clearTimeout(deadline);
    if (!isEnded) done(outcome);
    isEnded = true;
  };
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (isEnded) return;
    if (length > BODY_BYTES_MAX) return end(TOO_LARGE);
    if (first !== undefined) return void (more ??= [first]).push(chunk);
    first = chunk;
    // Nearly all bodies come whole with their headers, and need no timer.
    if (!isWhole(request, length)) deadline = timerFor(request, secondsMax, () => end(TOO_SLOW));
  });
  request.on('end', () => end(more === undefined ? (first ?? EMPTY) : Buffer.concat(more)));
}

function isWhole({ headers }: IncomingMessage, length: number): boolean {
  return headers['content-length'] === String(length);
}

function timerFor(request: IncomingMessage, seconds: number, expire: () => void): NodeJS.Timeout {
  const timer = setTimeout(expire, seconds * 1000);
  request.on('close', () => clearTimeout(timer));
  return timer;
}

const EMPTY = Buffer.alloc(0);

export function isProblem(bytes: Buffer | Problem): bytes is Problem {
  return !Buffer.isBuffer(bytes);
}

/** The object that the bytes write. */
export function parseBody(bytes: Buffer): ParsedBody {
  if (!isUtf8(bytes)) return { ok: false, problem: NOT_JSON };
  if (bytes.length > SHORT_BODY_BYTES && nestingDepth(bytes) > DEPTH_MAX)
    return { ok: false, problem: TOO_DEEP };
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { ok: false, problem: NOT_JSON };
  }
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject ? { ok: true, body } : { ok: false, problem: NOT_AN_OBJECT };
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** How deep brackets nest outside of strings; stops as soon as it is too deep. */
function nestingDepth(bytes: Buffer): number {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length && depth <= DEPTH_MAX; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) inString = !inString;
    else if (inString) index += byte === BACKSLASH ? 1 : 0;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth += 1;
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth -= 1;
  }
  return depth;
}
