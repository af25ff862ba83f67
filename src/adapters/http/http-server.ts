/**
 * The HTTP server: `node:http` and a small router of our own, because a framework costs a quarter of
 * what the server can do.
 *
 * Owns: connections and their limits, who may ask what, routing, what errors look like, the graceful
 * stop. Leaves to others: what commands mean (the shard, behind `CommandGateway`) and what reads show
 * (projections, behind `LedgerQueries`).
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { accountRoutes } from './account-routes.ts';
import { authentication } from './authentication.ts';
import type { Authenticate } from './authentication.ts';
import { batchRoutes } from './batch-routes.ts';
import { commandCall } from './command-call.ts';
import { failureProblem } from './failure-problem.ts';
import { FlowGate } from './flow-gate.ts';
import type { HttpDeps } from './http-deps.ts';
import { problemReply, sendReply } from './http-reply.ts';
import type { HttpReply } from './http-reply.ts';
import { knowledgeRoutes } from './knowledge-routes.ts';
import { logRoutes } from './log-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { PaymentIntake } from './payment-intake.ts';
import { paymentRoute } from './payment-route.ts';
import type { AnswerPayment } from './payment-route.ts';
import { paymentRoutes } from './payment-routes.ts';
import { invalid, PROBLEM_KINDS, problemJson } from './problem.ts';
import type { Problem } from './problem.ts';
import { readQuery } from './query.ts';
import type { Route } from './route.ts';
import { Router } from './router.ts';
import { tokenRoutes } from './token-routes.ts';

/** Sixteen KiB of headers hold any token and anything that proxies add. */
const HEADER_BYTES_MAX = 16_384;
const HEADER_SECONDS_MAX = 10;
/** The whole of a request; long enough for a batch of millions of lines. */
const REQUEST_SECONDS_MAX = 3600;
const SWEEP_MS = 20;

export interface HttpServer {
  /** Begins to listen; port 0 takes a free one. Rejects when it cannot. */
  readonly listen: (at: { readonly host: string; readonly port: number }) => Promise<AddressInfo>;
  /** Takes nothing more in, answers what it has, then closes every connection. */
  readonly close: () => Promise<void>;
  readonly routes: readonly Route[];
}

/** Tokens are off and the address is not loopback: everybody on the network could do everything. */
export class OpenToNetworkError extends Error {
  override readonly name = 'OpenToNetworkError';
  readonly retryable = false;

  constructor() {
    super('without tokens the server may listen on loopback only: use 127.0.0.1, or leave tokens on');
  }
}

export function createHttpServer(deps: HttpDeps): HttpServer {
  const gate = new FlowGate(deps.limits.inFlightMax);
  const stopping = new AbortController();
  const intake = new PaymentIntake(deps, gate);
  const answerPayment = paymentRoute(deps, intake);
  const commands = commandCall(deps, gate);
  const routes: readonly Route[] = [
    singlePaymentRoute(deps, answerPayment),
    ...batchRoutes(deps, { intake, commands }),
    ...paymentRoutes(deps, commands),
    ...accountRoutes(deps, commands),
    ...knowledgeRoutes(deps, commands),
    ...logRoutes(deps, stopping.signal),
    ...tokenRoutes(deps, commands),
    ...operationRoutes(deps, { gate, allRoutes: () => routes }),
  ];
  const server = boundServer(deps, requestListener({ deps, routes, answerPayment }));
  const sockets = openSockets(server);
  deps.metrics.watch({ inFlight: () => gate.inFlight });

  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await gate.stop();
    stopping.abort();
    await closeConnections(server, sockets, { within: closed, slowMs: deps.limits.slowReaderSeconds * 1000 });
  }
  return { listen: (at) => listen(server, deps, at), close, routes };
}

function singlePaymentRoute({ readers }: HttpDeps, answerPayment: AnswerPayment): Route {
  return {
    method: 'POST',
    path: '/v1/payments',
    summary: 'Scores, decides and records a payment; idempotent by its id',
    scopes: ['payments:write'],
    body: { schema: readers.payment.schema, contentType: 'application/json' },
    answers: {
      200: 'The payment was sent before; as it now stands',
      201: 'The payment, decided',
      202: 'Durable, or decided later, as was preferred',
    },
    handle(call) {
      answerPayment(call);
      return Promise.resolve(undefined);
    },
  };
}

function boundServer(
  deps: HttpDeps,
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const { idleSeconds, connectionsMax } = deps.limits;
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADER_SECONDS_MAX * 1000,
      requestTimeout: REQUEST_SECONDS_MAX * 1000,
      keepAliveTimeout: idleSeconds * 1000,
      noDelay: true,
    },
    listener,
  );
  server.timeout = idleSeconds * 1000;
  server.maxConnections = connectionsMax;
  server.on('clientError', answerBrokenRequest);
  return server;
}

/** What could not be parsed as HTTP has no response object; the socket gets the problem. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const type = error.code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'bad-request';
  const text = problemJson({ type, detail: PROBLEM_KINDS[type].title });
  const { status } = PROBLEM_KINDS[type];
  socket.end(
    `HTTP/1.1 ${status} Bad Request\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  );
}

/** Every connection that is open. */
function openSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

interface ConnectionEnd {
  readonly within: Promise<void>;
  /** How long an answer may still take to be read. */
  readonly slowMs: number;
}

/**
 * Closes connections as their answers leave. `node:http` counts a connection that never asked anything
 * as busy, so those are closed here.
 */
async function closeConnections(
  server: Server,
  sockets: ReadonlySet<Socket>,
  { within, slowMs }: ConnectionEnd,
): Promise<void> {
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  }, SWEEP_MS);
  const last = setTimeout(() => server.closeAllConnections(), slowMs);
  await within;
  clearInterval(sweep);
  clearTimeout(last);
}

interface ListenerParts {
  readonly deps: HttpDeps;
  readonly routes: readonly Route[];
  readonly answerPayment: AnswerPayment;
}

const SINGLE_PAYMENT: Pick<Route, 'scopes'> = { scopes: ['payments:write'] };

function requestListener({ deps, routes, answerPayment }: ListenerParts) {
  const authenticate = authentication(deps.tokens);
  const dispatch = dispatcher(deps, new Router(routes), authenticate);

  return function onRequest(request: IncomingMessage, response: ServerResponse): void {
    // The route that nearly all requests take, without a table.
    if (request.url !== '/v1/payments' || request.method !== 'POST') return void dispatch(request, response);
    const authenticated = authenticate(request, SINGLE_PAYMENT);
    if (authenticated.ok) answerPayment({ request, response, principal: authenticated.principal });
    else sendReply(response, problemReply(authenticated.problem));
  };
}

function dispatcher(deps: HttpDeps, router: Router, authenticate: Authenticate) {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<Answered> {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const routing = router.find(request.method ?? 'GET', mark === -1 ? url : url.slice(0, mark));
    if (routing === undefined) return refused({ type: 'not-found', detail: 'there is nothing at this path' });
    if ('allow' in routing) {
      const detail = `this path knows ${routing.allow.join(' and ')}`;
      return refused({ type: 'method-not-allowed', detail, allow: routing.allow });
    }
    const { route, params } = routing;
    const authenticated = authenticate(request, route);
    if (!authenticated.ok) return refused(authenticated.problem, route);
    const read = readQuery(new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)), route.query);
    if (!read.ok) return refused(invalid(read.problems), route);
    const { principal } = authenticated;
    return { route, reply: await route.handle({ request, response, params, query: read.query, principal }) };
  }

  return async function dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answered: Answered;
    try {
      answered = await answer(request, response);
    } catch (error) {
      answered = refused(failureProblem(error, deps.log));
      if (response.headersSent) response.destroy();
    }
    const { route, reply } = answered;
    deps.metrics.answered(route?.path ?? 'none', reply?.status ?? response.statusCode);
    if (reply !== undefined) sendReply(response, reply);
  };
}

interface Answered {
  readonly route?: Route;
  /** Absent when the handler answers by itself. */
  readonly reply: HttpReply | undefined;
}

function refused(problem: Problem, route?: Route): Answered {
  return { reply: problemReply(problem), ...(route && { route }) };
}

function listen(server: Server, deps: HttpDeps, at: { host: string; port: number }): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>();
  if (deps.tokens === 'off' && !isLoopback(at.host)) reject(new OpenToNetworkError());
  else {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address);
    });
  }
  return promise;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
