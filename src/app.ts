/**
 * Puts the service together: the data folder's lock, the shard and the projections on threads of
 * their own, the HTTP server on this one. Started in this order, stopped in the reverse.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import type { HttpLimits } from '#src/adapters/http/http-deps.ts';
import { createHttpServer } from '#src/adapters/http/http-server.ts';
import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
import type { TokenCreated } from '#src/domain/shared-fact.ts';
import { isMissing, MISSING_KINDS, missingKindIndex } from '#src/domain/feature-value.ts';
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { createAccessToken, TOKEN_SECRET_BYTES } from '#src/ingest/access/access-token.ts';
import { TokenTable } from '#src/ingest/access/token-table.ts';
import { createServiceMetrics } from '#src/observability/service-metrics.ts';
import type { Logger } from '#src/observability/logger.ts';
import type { CommandGateway } from '#src/ports/command-gateway.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';
import { makeDataFolder, type DataFolder } from './data-folder.ts';
import { bodyReaders } from './body-readers.ts';
import { startProjections, type RunningProjections } from './projection-client.ts';
import { startShard, type ShardClient } from './shard-client.ts';
import type { ShardSettings } from './shard-parts.ts';

export interface AppSettings {
  readonly shard: ShardSettings;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** `off` lets everybody on this machine do everything. */
  readonly auth: 'tokens' | 'off';
  readonly log: Logger;
  /** Milliseconds since 1970; what requests are measured against. */
  readonly now: () => number;
  readonly aheadSecondsMax: number;
  readonly limits: HttpLimits;
}

export interface App {
  readonly url: string;
  readonly gateway: CommandGateway;
  readonly queries: LedgerQueries;
  /** The token that was made because the folder had none. */
  readonly firstToken: string | undefined;
  /** Finishes what was taken in, then closes everything. */
  stop(): Promise<void>;
}

/** What is running, in the order in which it was started. */
type Stop = () => Promise<void> | void;

export async function startApp(settings: AppSettings): Promise<App> {
  const stops: Stop[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  try {
    return await start(settings, stops, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(settings: AppSettings, stops: Stop[], stop: () => Promise<void>): Promise<App> {
  const folder = makeDataFolder(settings.shard.dataFolder);
  const lock = acquireDataFolderLock(folder.path);
  stops.push(() => lock.release());
  const shard = await startShard(settings.shard, settings.log);
  stops.push(() => shard.stop());
  const projections = await startProjections(folder, settings.log);
  stops.push(() => projections.stop());
  shard.onPosition((position) => projections.notify(position));
  const firstToken = settings.auth === 'tokens' ? await makeFirstToken(shard, settings.now) : undefined;
  const server = httpServer(settings, { folder, shard, projections });
  const { address, port } = await server.listen({ host: settings.host, port: settings.port });
  stops.push(() => server.close());
  writeFileSync(folder.pid, `${process.pid}\n`);
  stops.push(() => rmSync(folder.pid, { force: true }));
  return { url: `http://${address}:${port}`, gateway: shard, queries: projections.queries, firstToken, stop };
}

interface Running {
  readonly folder: DataFolder;
  readonly shard: ShardClient;
  readonly projections: RunningProjections;
}

function httpServer(settings: AppSettings, { folder, shard, projections }: Running) {
  const { http: metrics, exposition } = createServiceMetrics({
    report: () => shard.report,
    projectionLag: () => projections.lag(),
  });
  return createHttpServer({
    gateway: shard,
    queries: projections.queries,
    readers: bodyReaders({ folder, ...settings }),
    tokens: settings.auth === 'off' ? 'off' : new TokenTable(shard.tokens()),
    describeVector,
    now: settings.now,
    newId: randomUUID,
    randomBytes,
    log: settings.log,
    metrics,
    exposition,
    limits: settings.limits,
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

/** A folder without tokens gets one that may do everything, so that somebody can make others. */
async function makeFirstToken(shard: ShardClient, now: () => number): Promise<string | undefined> {
  if (shard.tokens().length > 0) return undefined;
  const { token, digest } = createAccessToken(randomBytes(TOKEN_SECRET_BYTES));
  const created: TokenCreated = {
    type: 'TokenCreated',
    tokenId: randomUUID(),
    name: 'first',
    digest,
    scopes: ['admin'],
  };
  await shard.ask({ command: { ...created, type: 'CreateToken' }, actor: 'system', receivedAt: now() });
  shard.addToken(created);
  return token;
}
