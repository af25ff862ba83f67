/** A server on a free loopback port over the ports in memory, and a small client for it. */
import { randomBytes } from 'node:crypto';
import { Registry } from 'prom-client';
import { DEFAULT_LIMITS } from '#src/adapters/http/http-deps.ts';
import type { HttpDeps, HttpLimits } from '#src/adapters/http/http-deps.ts';
import { createHttpServer } from '#src/adapters/http/http-server.ts';
import type { HttpServer } from '#src/adapters/http/http-server.ts';
import { accountReaders } from '#src/ingest/account-readers.ts';
import { createAccessToken } from '#src/ingest/access/access-token.ts';
import type { Scope } from '#src/ingest/access/scope.ts';
import { TokenTable } from '#src/ingest/access/token-table.ts';
import { knowledgeReaders } from '#src/ingest/knowledge-readers.ts';
import { paymentActionReaders } from '#src/ingest/payment-action-readers.ts';
import { paymentReader } from '#src/ingest/payment-reader.ts';
import { createHttpMetrics } from '#src/observability/http-metrics.ts';
import { createLogger } from '#src/observability/logger.ts';
import { MemoryService } from '#test/support/memory-service.ts';
import { readerDeps, TEST_NOW } from '#test/support/reader-deps.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body parsed; undefined where it is not JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface HttpHarness {
  readonly url: string;
  readonly service: MemoryService;
  readonly server: HttpServer;
  readonly deps: HttpDeps;
  readonly logLines: string[];
  /** The token of an admin. */
  readonly token: string;
  tokenWith(...scopes: Scope[]): string;
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface SendOptions {
  /** An object is sent as JSON; text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | null;
}

export interface HarnessOptions {
  readonly limits?: Partial<HttpLimits>;
  readonly auth?: 'off';
}

export async function httpHarness({ limits = {}, auth }: HarnessOptions = {}): Promise<HttpHarness> {
  const service = new MemoryService();
  const tokens = new TokenTable();
  const logLines: string[] = [];
  const deps = harnessDeps({ service, tokens, limits, logLines, auth });
  const server = createHttpServer(deps);
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}`;

  function tokenWith(...scopes: Scope[]): string {
    const { token, digest } = createAccessToken(randomBytes(32));
    tokens.add({ tokenId: scopes.join('+'), name: 'test', digest, scopes });
    return token;
  }
  const token = tokenWith('admin');

  async function send(method: string, path: string, options: SendOptions = {}): Promise<Answer> {
    const { body, headers = {} } = options;
    const bearer = options.token === undefined ? token : options.token;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }
  return { url, service, server, deps, logLines, token, tokenWith, send, close: () => server.close() };
}

interface DepsParts {
  readonly service: MemoryService;
  readonly tokens: TokenTable;
  readonly limits: Partial<HttpLimits>;
  readonly logLines: string[];
  readonly auth: 'off' | undefined;
}

function harnessDeps({ service, tokens, limits, logLines, auth }: DepsParts): HttpDeps {
  const registry = new Registry();
  const metrics = createHttpMetrics(registry);
  const ingest = readerDeps();
  return {
    gateway: service,
    queries: service.queries,
    readers: {
      payment: paymentReader(ingest),
      ...accountReaders(ingest),
      ...paymentActionReaders(ingest),
      ...knowledgeReaders(ingest),
    },
    tokens: auth ?? tokens,
    describeVector: (vector) => ({ amount: vector[0] ?? 'not sent' }),
    now: () => TEST_NOW,
    newId: ingest.newId,
    randomBytes,
    log: createLogger('debug', { write: (line) => void logLines.push(line) }),
    metrics,
    exposition: async () => (await registry.metrics()) + metrics.exposition(),
    limits: { ...DEFAULT_LIMITS, ...limits },
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
