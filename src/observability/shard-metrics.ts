/** The figures of the shards of this process for Prometheus, by shard: they follow the shards' own reports. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { SHARD_STAGES, type ShardReport } from '#src/ports/shard-report.ts';

/** The newest report of each shard of this process; none of a shard that has not reported yet. */
export type ShardReports = () => Iterable<readonly [shard: number, report: ShardReport]>;

const MICROS = 1_000_000;
const MILLIS = 1_000;

export function watchShards(registry: Registry, reports: ShardReports): void {
  const figure = figureOf(registry, reports);
  figure(Counter, { name: 'vouch_shard_commands_total', help: 'Commands answered', read: (r) => r.commands });
  figure(Counter, {
    name: 'vouch_shard_batches_total',
    help: 'Batches committed or found to change nothing',
    read: (r) => r.batches,
  });
  figure(Counter, {
    name: 'vouch_payments_rejected_total',
    help: 'Payments that the ledger turned down',
    read: (r) => r.rejections,
  });
  figure(Gauge, {
    name: 'vouch_log_position',
    help: 'Row of the log that is durable',
    read: (r) => r.position,
  });
  figure(Gauge, {
    name: 'vouch_deadlines',
    help: 'Times at which something is due for a held payment',
    read: (r) => r.deadlines,
  });
  figure(Gauge, {
    name: 'vouch_rescores_waiting',
    help: 'Held payments that wait to be scored again',
    read: (r) => r.rescores,
  });
  figure(Gauge, {
    name: 'vouch_histories_readable',
    help: 'Whether shared histories can be read: 0 means that decisions are degraded',
    read: ({ histories }) => histories && (histories.isReadable ? 1 : 0),
  });
  figure(Gauge, {
    name: 'vouch_history_outcome_lag_seconds',
    help: 'Time until shared histories have what became of a payment; late from a minute on',
    read: ({ histories }) => histories && histories.outcomeLagMs / MILLIS,
  });
  const byWord = byWordOf(registry, reports);
  byWord({ name: 'vouch_decisions_total', label: 'outcome', help: 'Decisions by outcome' }, (report) =>
    Object.entries(report.decisions),
  );
  byWord({ name: 'vouch_decisions_degraded_total', label: 'cause', help: 'Degraded decisions' }, (report) =>
    Object.entries(report.degraded),
  );
  const stages = { name: 'vouch_shard_stage_seconds_total', label: 'stage', help: 'Time spent by stage' };
  byWord(stages, ({ stageMicros }) => SHARD_STAGES.map((stage) => [stage, stageMicros[stage] / MICROS]));
}

interface ShardFigure {
  readonly name: string;
  readonly help: string;
  /** Undefined: there is no such number of this shard. */
  readonly read: (report: ShardReport) => number | undefined;
}

/** One number of each shard. */
function figureOf(registry: Registry, reports: ShardReports) {
  return (Kind: typeof Counter | typeof Gauge, { name, help, read }: ShardFigure): void => {
    const metric: Counter | Gauge = new Kind({
      name,
      help,
      labelNames: ['shard'],
      registers: [registry],
      collect() {
        metric.reset();
        for (const [shard, report] of reports()) {
          const number = read(report);
          if (number !== undefined) metric.inc({ shard: String(shard) }, number);
        }
      },
    });
  };
}

interface WordFigure {
  readonly name: string;
  readonly label: string;
  readonly help: string;
}

/** One counter of each shard for each word of a fixed list. */
function byWordOf(registry: Registry, reports: ShardReports) {
  return (
    { name, label, help }: WordFigure,
    read: (report: ShardReport) => readonly (readonly [string, number])[],
  ): void => {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames: ['shard', label],
      registers: [registry],
      collect() {
        counter.reset();
        for (const [shard, report] of reports()) {
          for (const [word, count] of read(report))
            counter.inc({ shard: String(shard), [label]: word }, count);
        }
      },
    });
  };
}
