/** Requests over connections that are kept, as a payment service sends them. */
import { Agent, request, type IncomingMessage } from 'node:http';

export interface JsonAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface JsonClient {
  /** @throws when the connection breaks before the whole answer is there: the outcome is unknown */
  send(method: 'GET' | 'POST', path: string, body?: object): Promise<JsonAnswer>;
  close(): void;
}

/** A request that takes longer counts as broken. */
const ANSWER_WITHIN_MS = 30_000;

export function createJsonClient(url: string, connections: number): JsonClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    send(method, path, body) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers =
        text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      return new Promise((resolve, reject) => {
        const sent = request(
          `${url}${path}`,
          { method, agent, headers, timeout: ANSWER_WITHIN_MS },
          (response) => {
            readAnswer(response).then(resolve, reject);
          },
        );
        sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path}`)));
        sent.on('error', reject);
        sent.end(text);
      });
    },
    close() {
      agent.destroy();
    },
  };
}

async function readAnswer(response: IncomingMessage): Promise<JsonAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
  return { status: response.statusCode ?? 0, body };
}
