/** Finds out who asks, and whether they may. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { mayDo } from '#src/ingest/access/scope.ts';
import { anyone } from '#src/ingest/access/token-table.ts';
import type { Principal, TokenTable } from '#src/ingest/access/token-table.ts';
import type { Problem } from './problem.ts';
import type { RequestRates } from './request-rates.ts';
import type { Route } from './route.ts';

export type Authentication =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly problem: Problem };

export type Authenticate = (
  request: IncomingMessage,
  route: Pick<Route, 'scopes' | 'open'>,
) => Authentication;

const NO_TOKEN: Authentication = {
  ok: false,
  problem: { type: 'unauthorized', detail: 'send a token: Authorization: Bearer vouch_…' },
};
const UNKNOWN_TOKEN: Authentication = {
  ok: false,
  problem: { type: 'unauthorized', detail: 'the token is not known or was revoked' },
};

export interface Admission {
  readonly tokens: TokenTable | 'off';
  readonly metricsToken?: string;
  readonly rates: RequestRates;
}

export function authentication({ tokens, metricsToken, rates }: Admission): Authenticate {
  const everybody = anyone();
  const stranger: Authentication = { ok: true, principal: { ...anyone(), scopes: new Set<string>() } };

  return function authenticate(request, { scopes, open }) {
    if (tokens === 'off') return withinRate(everybody, rates);
    if (open === 'everywhere') return stranger;
    if (open === 'on loopback' && mayReadMetrics(request, metricsToken)) return stranger;
    const header = request.headers.authorization;
    if (header === undefined || !/^bearer /i.test(header)) return NO_TOKEN;
    const principal = tokens.find(header.slice('bearer '.length).trim());
    if (principal === undefined) return UNKNOWN_TOKEN;
    if (mayDo(principal.scopes, scopes)) return withinRate(principal, rates);
    return {
      ok: false,
      problem: { type: 'forbidden', detail: `this needs one of the scopes ${scopes.join(', ')}` },
    };
  };
}

function withinRate(principal: Principal, rates: RequestRates): Authentication {
  const retryAfterSeconds = rates.take(principal);
  if (retryAfterSeconds === undefined) return { ok: true, principal };
  const detail = 'the token makes more requests than it may; nothing was done';
  return { ok: false, problem: { type: 'too-many-requests', detail, retryAfterSeconds } };
}

/** Who asks from this machine, or with the token that is for metrics alone. */
export function mayReadMetrics(request: IncomingMessage, metricsToken: string | undefined): boolean {
  if (isFromLoopback(request)) return true;
  const { authorization = '' } = request.headers;
  return metricsToken !== undefined && isSameText(authorization, `Bearer ${metricsToken}`);
}

/** In a time that says nothing about how much of it was right. */
function isSameText(sent: string, wanted: string): boolean {
  return timingSafeEqual(hash('sha256', sent, 'buffer'), hash('sha256', wanted, 'buffer'));
}

/** By the connection alone: headers that proxies set can be written by anybody. */
function isFromLoopback({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? '';
  const proxied = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  return !proxied && (address === '::1' || /^(?:::ffff:)?127\./.test(address));
}
