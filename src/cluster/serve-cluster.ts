/**
 * Runs one process of a ledger at a broker: the role `api` answers requests, the role `worker` decides,
 * `all` does both.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { folderObjectStore } from '#src/adapters/files/folder-object-store.ts';
import { createWorkerServer } from '#src/adapters/http/worker-server.ts';
import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
import { startInOrder, type AppSettings, type Stop } from '#src/app.ts';
import type { ClusterConfig } from '#src/config/config-schema.ts';
import { makeDataFolder } from '#src/data-folder.ts';
import { createWorkerMetrics } from '#src/observability/worker-metrics.ts';
import { startApi, type ApiSource } from './api-process.ts';
import { openLedger, type OpenedLedger } from './open-ledger.ts';
import { startWorker, type Worker } from './worker.ts';

const MINUTE_MS = 60_000;

export const ROLES = ['api', 'worker', 'all'] as const;
export type Role = (typeof ROLES)[number];

export interface ClusterProcess {
  readonly url: string;
  /** The token that was made because the ledger had none. */
  readonly firstToken: string | undefined;
  /** Finishes what was taken in, then closes everything. */
  stop(): Promise<void>;
}

export interface ClusterProcessSettings {
  readonly role: Role;
  readonly cluster: ClusterConfig;
  /** A topic that payments come by; the role `worker` reads none. */
  readonly sourceTopic?: string | undefined;
  /** As for a ledger in one process. */
  readonly app: AppSettings;
}

/** Each shard would count a card or a device by itself, and none of them all of it. */
export class HistoriesNotSharedError extends Error {
  override readonly name = 'HistoriesNotSharedError';
  readonly retryable = false;

  constructor(shards: number) {
    super(
      `a ledger of ${shards} shards needs cluster.redis: histories of cards and devices have to be shared`,
    );
  }
}

export function serveCluster(settings: ClusterProcessSettings): Promise<ClusterProcess> {
  return startInOrder((stops, stop) => start(settings, stops, stop));
}

async function start(
  settings: ClusterProcessSettings,
  stops: Stop[],
  stop: () => Promise<void>,
): Promise<ClusterProcess> {
  const { role, app } = settings;
  const folder = makeDataFolder(app.shard.dataFolder);
  const lock = acquireDataFolderLock(folder.path);
  stops.push(() => lock.release());
  const ledger = await openLedger(settings.cluster, app.log);
  writeFileSync(folder.pid, `${process.pid}\n`);
  stops.push(() => rmSync(folder.pid, { force: true }));
  const worker = role === 'api' ? undefined : await workerOf(settings, ledger);
  if (worker) stops.push(() => worker.stop());
  if (worker && role === 'worker') {
    const url = await showWorker(app, worker, stops);
    return { url, firstToken: undefined, stop };
  }
  const api = await startApi({
    ...app,
    ...ledger,
    dataFolder: folder.path,
    assets: app.shard.assets,
    worker,
    source: sourceOf(settings),
  });
  stops.push(() => api.stop());
  return { url: api.url, firstToken: api.firstToken, stop };
}

function workerOf({ cluster, app }: ClusterProcessSettings, ledger: OpenedLedger): Promise<Worker> {
  const { redis } = cluster;
  const { folder, everyMinutes } = cluster.checkpoints;
  const checkpoints =
    folder === undefined
      ? undefined
      : { store: folderObjectStore(folder), everyMs: everyMinutes * MINUTE_MS };
  if (redis === undefined && ledger.shards > 1) throw new HistoriesNotSharedError(ledger.shards);
  return startWorker({ ...ledger, redis, checkpoints, shard: app.shard, log: app.log });
}

function sourceOf({ sourceTopic: topic, cluster }: ClusterProcessSettings): ApiSource | undefined {
  return topic === undefined ? undefined : { topic, replication: cluster.replication };
}

async function showWorker(app: AppSettings, worker: Worker, stops: Stop[]): Promise<string> {
  const { metricsToken } = app;
  const server = createWorkerServer({
    readiness: () => worker.readiness(),
    exposition: createWorkerMetrics({ reports: () => worker.reports(), owned: () => worker.shards.length }),
    ...(metricsToken === undefined ? {} : { metricsToken }),
  });
  const { address, port } = await server.listen({ host: app.host, port: app.port });
  stops.push(() => server.close());
  return `http://${address}:${port}`;
}
