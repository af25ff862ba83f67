/**
 * What a process that only decides shows of itself: that it is alive, whether it can decide, and its
 * metrics. It takes no commands, so it needs no router, no bodies and no tokens but the one for metrics.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readiness } from '#src/ports/command-gateway.ts';
import { mayReadMetrics } from './authentication.ts';
import { problemReply, sendReply, valueReply, type HttpReply } from './http-reply.ts';
import { PROMETHEUS_TEXT } from './operation-routes.ts';

export interface WorkerServerSettings {
  readonly readiness: () => Readiness;
  /** The text of `/metrics`. */
  readonly exposition: () => Promise<string>;
  readonly metricsToken?: string;
}

export interface WorkerServer {
  /** Begins to listen; port 0 takes a free one. Rejects when it cannot. */
  readonly listen: (at: { readonly host: string; readonly port: number }) => Promise<AddressInfo>;
  readonly close: () => Promise<void>;
}

const REQUEST_SECONDS_MAX = 10;
const CONNECTIONS_MAX = 64;

export function createWorkerServer(settings: WorkerServerSettings): WorkerServer {
  const server = createServer({ requestTimeout: REQUEST_SECONDS_MAX * 1000 }, (request, response) => {
    void answer(settings, request, response);
  });
  server.maxConnections = CONNECTIONS_MAX;
  return { listen: (at) => listen(server, at), close: () => close(server) };
}

async function answer(
  settings: WorkerServerSettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume();
  try {
    sendReply(response, await replyTo(settings, request));
  } catch {
    sendReply(response, problemReply({ type: 'internal', detail: 'the metrics could not be read' }));
  }
}

async function replyTo(settings: WorkerServerSettings, request: IncomingMessage): Promise<HttpReply> {
  const { readiness, exposition, metricsToken } = settings;
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  switch (isRead ? request.url : undefined) {
    case '/healthz':
      return valueReply(200, { status: 'ok' });
    case '/readyz': {
      const now = readiness();
      return valueReply(now.ready ? 200 : 503, { ready: now.ready, reasons: now.ready ? [] : now.reasons });
    }
    case '/metrics':
      if (!mayReadMetrics(request, metricsToken))
        return problemReply({ type: 'unauthorized', detail: 'metrics need their token, or loopback' });
      return { status: 200, contentType: PROMETHEUS_TEXT, text: await exposition() };
    default:
      return problemReply({
        type: 'not-found',
        detail: 'a worker shows /healthz, /readyz and /metrics; payments go to a process with the role api',
      });
  }
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<AddressInfo> {
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.off('error', reject);
    const address = server.address();
    if (typeof address === 'object' && address !== null) resolve(address);
  });
  return promise;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
