/**
 * Connections: how large, how long and how many they may be, what one gets that does not speak HTTP, and
 * how they end when the server stops.
 */
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpLimits } from './http-deps.ts';
import { PROBLEM_KINDS, problemJson } from './problem.ts';

/** Sixteen KiB of headers hold any token and anything that proxies add. */
const HEADER_BYTES_MAX = 16_384;
const HEADER_SECONDS_MAX = 10;
/** The whole of a request; long enough for a batch of millions of lines. */
const REQUEST_SECONDS_MAX = 3600;
const SWEEP_MS = 20;

/** A server with its limits, not listening yet. */
export function boundServer({ idleSeconds, connectionsMax }: HttpLimits, listener: RequestListener): Server {
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
export function openSockets(server: Server): ReadonlySet<Socket> {
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
export async function closeConnections(
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
