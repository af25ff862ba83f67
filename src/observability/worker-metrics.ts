/** All metrics of one process that only decides, in one registry of its own. */
import { Gauge, Registry } from 'prom-client';
import { watchMessages } from './message-metrics.ts';
import { watchShards, type ShardReports } from './shard-metrics.ts';

export interface WorkerFigures {
  readonly reports: ShardReports;
  /** How many shards this process decides for. */
  readonly owned: () => number;
}

/** Gives the text that Prometheus reads. */
export function createWorkerMetrics({ reports, owned }: WorkerFigures): () => Promise<string> {
  const registry = new Registry();
  watchShards(registry, reports);
  watchMessages(registry, reports);
  watchOwned(registry, owned);
  return () => registry.metrics();
}

function watchOwned(registry: Registry, owned: () => number): void {
  void new Gauge({
    name: 'vouch_shards_owned',
    help: 'Shards that this process decides for',
    registers: [registry],
    collect() {
      this.set(owned());
    },
  });
}
