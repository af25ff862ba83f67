/** All metrics of one service, in one registry of its own. */
import { Registry } from 'prom-client';
import { createHttpMetrics, type HttpMetrics } from './http-metrics.ts';

export interface ServiceMetrics {
  readonly http: HttpMetrics;
  /** The text that Prometheus reads. */
  readonly exposition: () => Promise<string>;
}

export function createServiceMetrics(): ServiceMetrics {
  const registry = new Registry();
  const http = createHttpMetrics(registry);
  return { http, exposition: async () => `${await registry.metrics()}${http.exposition()}` };
}
