/** What a handler answers, and how it is written to the wire. */
import type { ServerResponse } from 'node:http';
import { PROBLEM_KINDS, problemJson } from './problem.ts';
import type { Problem } from './problem.ts';

export interface HttpReply {
  readonly status: number;
  readonly contentType: string;
  /** The body as it is sent. */
  readonly text: string;
  /** Further headers: name, value, name, value. */
  readonly headers?: readonly string[];
}

/**
 * Nothing that this server sends is for a browser to guess at, to keep, or to show in a frame.
 * Flat, as `writeHead` takes it at least cost.
 */
const SAFE_HEADERS: readonly string[] = [
  'x-content-type-options',
  'nosniff',
  'cache-control',
  'no-store',
  'content-security-policy',
  "default-src 'none'; frame-ancestors 'none'",
];

const JSON_TYPE = 'application/json';

export function jsonReply(status: number, text: string, headers?: readonly string[]): HttpReply {
  return { status, contentType: JSON_TYPE, text, ...(headers && { headers }) };
}

export function valueReply(status: number, value: unknown, headers?: readonly string[]): HttpReply {
  return jsonReply(status, JSON.stringify(value), headers);
}

export function problemReply(problem: Problem): HttpReply {
  const headers: string[] = [];
  if (problem.retryAfterSeconds !== undefined) headers.push('retry-after', String(problem.retryAfterSeconds));
  if (problem.allow !== undefined) headers.push('allow', problem.allow.join(', '));
  if (problem.type === 'unauthorized') headers.push('www-authenticate', 'Bearer');
  if (problem.type === 'too-large' || problem.type === 'too-slow') headers.push('connection', 'close');
  const { status } = PROBLEM_KINDS[problem.type];
  return { status, contentType: 'application/problem+json', text: problemJson(problem), headers };
}

/** Sends the whole reply. Does nothing when the client has gone. */
export function sendReply(response: ServerResponse, reply: HttpReply): void {
  if (response.destroyed || response.headersSent) return;
  const length = Buffer.byteLength(reply.text);
  const headers = ['content-type', reply.contentType, 'content-length', String(length)];
  response.writeHead(reply.status, headers.concat(SAFE_HEADERS, reply.headers ?? []));
  // As many bytes as characters: it is ASCII, and Latin-1 leaves without being looked at again.
  response.end(reply.text, length === reply.text.length ? 'latin1' : 'utf8');
}

/** The headers of a reply whose length is not known yet. */
export function startStream(response: ServerResponse, contentType: string): void {
  // A write that crosses the client's going away is no error of ours; `close` says that it has gone.
  response.on('error', () => undefined);
  response.writeHead(200, ['content-type', contentType, ...SAFE_HEADERS]);
}
