/** All metrics of one process that answers requests, in one registry of its own. */
import { Registry } from 'prom-client';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.ts';
import { watchReads } from './read-metrics.ts';
import { watchMessages } from './message-metrics.ts';
import { watchShards, type ShardReports } from './shard-metrics.ts';

export interface ServiceFigures {
  readonly reports: ShardReports;
  /** Rows of the log that reads do not show yet. */
  readonly projectionLag: () => number;
}

export interface ServiceMetrics {
  readonly http: HttpMetrics;
  /** The text that Prometheus reads. */
  readonly exposition: () => Promise<string>;
}

export function createServiceMetrics({ reports, projectionLag }: ServiceFigures): ServiceMetrics {
  const registry = new Registry();
  watchShards(registry, reports);
  watchMessages(registry, reports);
  watchReads(registry, projectionLag);
  const http = createHttpMetrics(registry);
  return { http, exposition: async () => `${await registry.metrics()}${http.exposition()}` };
}
