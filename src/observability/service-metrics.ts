/** All metrics of one service, in one registry of its own. */
import { Registry } from 'prom-client';
import { watchShard, type ShardFigures } from './shard-metrics.ts';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.ts';

export interface ServiceMetrics {
  readonly http: HttpMetrics;
  /** The text that Prometheus reads. */
  readonly exposition: () => Promise<string>;
}

export function createServiceMetrics(figures: ShardFigures): ServiceMetrics {
  const registry = new Registry();
  watchShard(registry, figures);
  const http = createHttpMetrics(registry);
  return { http, exposition: async () => `${await registry.metrics()}${http.exposition()}` };
}
