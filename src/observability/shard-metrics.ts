/** The shard's figures for Prometheus: counters that follow its reports, and how far reads lag behind. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { SHARD_STAGES, type ShardReport } from '#src/ports/shard-report.ts';

export interface ShardFigures {
  /** The newest report; undefined before the first. */
  readonly report: () => ShardReport | undefined;
  /** Rows of the log that reads do not show yet. */
  readonly projectionLag: () => number;
}

const MICROS = 1_000_000;

export function watchShard(registry: Registry, { report, projectionLag }: ShardFigures): void {
  const registers = [registry];
  const total = (name: string, help: string, read: (report: ShardReport) => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        const newest = report();
        if (newest) this.inc(read(newest));
      },
    });
  const level = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  total('vouch_shard_commands_total', 'Commands answered', ({ commands }) => commands);
  total(
    'vouch_shard_batches_total',
    'Batches committed or found to change nothing',
    ({ batches }) => batches,
  );
  total(
    'vouch_payments_rejected_total',
    'Payments that the ledger turned down',
    ({ rejections }) => rejections,
  );
  byLabel(registry, { name: 'vouch_decisions_total', label: 'outcome', help: 'Decisions by outcome' }, () => {
    return Object.entries(report()?.decisions ?? {});
  });
  byLabel(
    registry,
    { name: 'vouch_decisions_degraded_total', label: 'cause', help: 'Degraded decisions' },
    () => {
      return Object.entries(report()?.degraded ?? {});
    },
  );
  const stages = { name: 'vouch_shard_stage_seconds_total', label: 'stage', help: 'Time spent by stage' };
  byLabel(registry, stages, () => {
    const micros = report()?.stageMicros;
    return SHARD_STAGES.map((stage) => [stage, (micros?.[stage] ?? 0) / MICROS]);
  });
  level('vouch_log_position', 'Row of the log that is durable', () => report()?.position ?? 0);
  level(
    'vouch_deadlines',
    'Times at which something is due for a held payment',
    () => report()?.deadlines ?? 0,
  );
  level(
    'vouch_rescores_waiting',
    'Held payments that wait to be scored again',
    () => report()?.rescores ?? 0,
  );
  level('vouch_projection_lag_rows', 'Rows of the log that reads do not show yet', projectionLag);
}

interface LabelledCounter {
  readonly name: string;
  readonly label: string;
  readonly help: string;
}

function byLabel(
  registry: Registry,
  { name, label, help }: LabelledCounter,
  read: () => readonly (readonly [string, number])[],
): void {
  const counter: Counter = new Counter({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect() {
      counter.reset();
      for (const [value, count] of read()) counter.inc({ [label]: value }, count);
    },
  });
}
