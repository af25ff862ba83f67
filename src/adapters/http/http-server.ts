/**
 * The HTTP server: `node:http` and a small router of our own, because a framework costs a quarter of
 * what the server can do.
 *
 * Owns: which routes there are, and the start and the graceful stop. Connections, dispatch and the hot
 * route have files of their own; what commands mean is the shard's, behind `CommandGateway`, and what
 * reads show is the projections', behind `LedgerQueries`.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accountRoutes } from './account-routes.ts';
import { authentication } from './authentication.ts';
import { batchRoutes } from './batch-routes.ts';
import { commandCall } from './command-call.ts';
import { boundServer, closeConnections, openSockets } from './connections.ts';
import { dispatcher } from './dispatcher.ts';
import { erasureRoutes } from './erasure-route.ts';
import { FlowGate } from './flow-gate.ts';
import type { HttpDeps } from './http-deps.ts';
import { problemReply, sendReply } from './http-reply.ts';
import { knowledgeRoutes } from './knowledge-routes.ts';
import { logRoutes } from './log-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { PaymentIntake } from './payment-intake.ts';
import { paymentRoute } from './payment-route.ts';
import type { AnswerPayment } from './payment-route.ts';
import { paymentRoutes } from './payment-routes.ts';
import type { Route } from './route.ts';
import { RequestRates } from './request-rates.ts';
import { Router } from './router.ts';
import { tokenRoutes } from './token-routes.ts';

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
    ...erasureRoutes(deps.queries, commands),
    ...operationRoutes(deps, { gate, allRoutes: () => routes }),
  ];
  const server = boundServer(deps.limits, requestListener({ deps, routes, answerPayment }));
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

interface ListenerParts {
  readonly deps: HttpDeps;
  readonly routes: readonly Route[];
  readonly answerPayment: AnswerPayment;
}

const SINGLE_PAYMENT: Pick<Route, 'scopes'> = { scopes: ['payments:write'] };

function requestListener({ deps, routes, answerPayment }: ListenerParts) {
  const { now, limits } = deps;
  const rates = new RequestRates({ perSecond: limits.requestsPerSecond, now });
  const authenticate = authentication({ ...deps, rates });
  const dispatch = dispatcher(deps, new Router(routes), authenticate);

  return function onRequest(request: IncomingMessage, response: ServerResponse): void {
    // The route that nearly all requests take, without a table.
    if (request.url !== '/v1/payments' || request.method !== 'POST') return void dispatch(request, response);
    const authenticated = authenticate(request, SINGLE_PAYMENT);
    if (authenticated.ok) answerPayment({ request, response, principal: authenticated.principal });
    else sendReply(response, problemReply(authenticated.problem));
  };
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
