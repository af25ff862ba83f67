/** The HTTP server of a process, the same whether the shards run beside it or elsewhere. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { HttpLimits, Readers } from '#src/adapters/http/http-deps.ts';
import { createHttpServer, type HttpServer } from '#src/adapters/http/http-server.ts';
import { isMissing, MISSING_KINDS, missingKindIndex } from '#src/domain/feature-value.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import type { TokenTable } from '#src/ingest/access/token-table.ts';
import { createServiceMetrics, type ServiceFigures } from '#src/observability/service-metrics.ts';
import type { Logger } from '#src/observability/logger.ts';
import type { CommandGateway } from '#src/ports/command-gateway.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';

/** What a process that answers requests is told. */
export interface HttpServiceSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** `off` lets everybody on this machine do everything. */
  readonly auth: 'tokens' | 'off';
  /** A token that opens `/metrics` and nothing else. */
  readonly metricsToken?: string;
  readonly log: Logger;
  /** Milliseconds since 1970; what requests are measured against. */
  readonly now: () => number;
  readonly aheadSecondsMax: number;
  readonly limits: HttpLimits;
}

export interface HttpServiceParts {
  readonly gateway: CommandGateway;
  readonly queries: LedgerQueries;
  readonly tokens: TokenTable;
  readonly readers: Readers;
  readonly figures: ServiceFigures;
}

export interface HttpService {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function startHttpService(
  settings: HttpServiceSettings,
  parts: HttpServiceParts,
): Promise<HttpService> {
  const server = httpServer(settings, parts);
  const { address, port } = await server.listen({ host: settings.host, port: settings.port });
  return { url: `http://${address}:${port}`, close: () => server.close() };
}

function httpServer(settings: HttpServiceSettings, parts: HttpServiceParts): HttpServer {
  const { auth, metricsToken, now, log, limits } = settings;
  const { gateway, queries, tokens, readers } = parts;
  const { http: metrics, exposition } = createServiceMetrics(parts.figures);
  return createHttpServer({
    gateway,
    queries,
    readers,
    tokens: auth === 'off' ? 'off' : tokens,
    ...(metricsToken === undefined ? {} : { metricsToken }),
    describeVector,
    now,
    newId: randomUUID,
    randomBytes,
    log,
    metrics,
    exposition,
    limits,
  });
}

/** Features by name; one without a value says why in words. */
function describeVector(vector: Float32Array): Readonly<Record<string, number | string>> {
  const named = FEATURES.map(({ name }, index): [string, number | string] => {
    const value = vector[index] ?? NaN;
    return [name, isMissing(value) ? MISSING_KINDS[missingKindIndex(value)] : value];
  });
  return Object.fromEntries(named);
}
