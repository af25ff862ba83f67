/** What the server knows of one method on one path; the OpenAPI document is made of the same records. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { Scope } from '#src/ingest/access/scope.ts';
import type { Principal } from '#src/ingest/access/token-table.ts';
import type { HttpReply } from './http-reply.ts';
import type { Query, QueryNames } from './query.ts';

/** One request, once its route and its sender are known. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly principal: Principal;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Fixed words and `{names}`. */
  readonly path: string;
  /** One sentence for the documentation. */
  readonly summary: string;
  /** Any one of them is enough; none means that a token without scopes may. */
  readonly scopes: readonly Scope[];
  /** Who may come without a token: everybody, or who asks from this machine. */
  readonly open?: 'everywhere' | 'on loopback';
  /** What may stand behind the question mark. */
  readonly query?: QueryNames;
  /** What the body is. */
  readonly body?: RouteBody;
  /** What is answered when it goes well, by status. */
  readonly answers: Readonly<Record<number, string>>;
  readonly handle: Handler;
}

export interface RouteBody {
  readonly schema: z.ZodObject;
  readonly contentType: 'application/json' | 'application/x-ndjson';
}

/** A reply to send, or undefined when the handler has answered, or will, by itself. */
export type Handler = (call: Call) => Promise<HttpReply | undefined>;
