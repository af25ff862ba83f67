/**
 * The figures of what shards tell each other and of the money between them. Over all processes, sent less
 * received is what is on its way, and an account in transit stands at zero when nothing is.
 */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { ShardReports } from './shard-metrics.ts';

export function watchMessages(registry: Registry, reports: ShardReports): void {
  const sent: Counter = new Counter({
    name: 'vouch_messages_sent_total',
    help: 'Messages to other shards',
    labelNames: ['shard', 'to'],
    registers: [registry],
    collect() {
      sent.reset();
      for (const [shard, { messagesSent }] of reports())
        for (const [to, count] of messagesSent.entries())
          if (to !== shard) sent.inc({ shard: String(shard), to: String(to) }, count);
    },
  });
  const received: Counter = new Counter({
    name: 'vouch_messages_received_total',
    help: 'Messages of other shards that were taken',
    labelNames: ['shard', 'from'],
    registers: [registry],
    collect() {
      received.reset();
      for (const [shard, { messagesReceived }] of reports())
        for (const [from, count] of messagesReceived.entries())
          if (from !== shard) received.inc({ shard: String(shard), from: String(from) }, count);
    },
  });
  const inTransit: Gauge = new Gauge({
    name: 'vouch_in_transit_minor_units',
    help: 'Balance of an account in transit; the sum over its two shards is what is on its way',
    labelNames: ['shard', 'from', 'to', 'asset'],
    registers: [registry],
    collect() {
      inTransit.reset();
      for (const [shard, report] of reports()) {
        for (const { from, to, asset, amountMinor } of report.inTransit)
          inTransit.set({ shard: String(shard), from: String(from), to: String(to), asset }, amountMinor);
      }
    },
  });
}
