/** Finds out who asks, and whether they may. */
import type { IncomingMessage } from 'node:http';
import { mayDo } from '#src/ingest/access/scope.ts';
import { anyone } from '#src/ingest/access/token-table.ts';
import type { Principal, TokenTable } from '#src/ingest/access/token-table.ts';
import type { Problem } from './problem.ts';
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

export function authentication(tokens: TokenTable | 'off'): Authenticate {
  const everybody: Authentication = { ok: true, principal: anyone() };
  const stranger: Authentication = { ok: true, principal: { ...anyone(), scopes: new Set<string>() } };

  return function authenticate(request, { scopes, open }) {
    if (tokens === 'off') return everybody;
    if (open === 'everywhere' || (open === 'on loopback' && isFromLoopback(request))) return stranger;
    const header = request.headers.authorization;
    if (header === undefined || !/^bearer /i.test(header)) return NO_TOKEN;
    const principal = tokens.find(header.slice('bearer '.length).trim());
    if (principal === undefined) return UNKNOWN_TOKEN;
    if (mayDo(principal.scopes, scopes)) return { ok: true, principal };
    return {
      ok: false,
      problem: { type: 'forbidden', detail: `this needs one of the scopes ${scopes.join(', ')}` },
    };
  };
}

/** By the connection alone: headers that proxies set can be written by anybody. */
function isFromLoopback({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? '';
  const proxied = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined;
  return !proxied && (address === '::1' || /^(?:::ffff:)?127\./.test(address));
}
