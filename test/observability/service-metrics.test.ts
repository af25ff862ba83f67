import { describe, expect, it } from 'vitest';
import { createServiceMetrics } from '#src/observability/service-metrics.ts';
import type { ShardReport } from '#src/ports/shard-report.ts';

function reportOf(commands: number): ShardReport {
  return {
    commands,
    batches: 2,
    decisions: { approve: 3, review: 0, challenge: 0, deny: 1 },
    rejections: 0,
    degraded: { model: 0, features: 1, log: 0 },
    stageMicros: { decide: 1_500_000, encode: 0, commit: 0, upkeep: 0 },
    position: 9,
    deadlines: 0,
    rescores: 0,
    messagesSent: [],
    messagesReceived: [],
    inTransit: [],
  };
}

describe('the metrics of a process', () => {
  it('are those of each of its shards, by shard', async () => {
    const { exposition } = createServiceMetrics({
      reports: () => [
        [0, reportOf(5)],
        [3, reportOf(7)],
      ],
      projectionLag: () => 4,
    });
    const text = await exposition();
    expect(text).toContain('vouch_shard_commands_total{shard="0"} 5');
    expect(text).toContain('vouch_shard_commands_total{shard="3"} 7');
    expect(text).toContain('vouch_decisions_total{shard="3",outcome="approve"} 3');
    expect(text).toContain('vouch_decisions_degraded_total{shard="0",cause="features"} 1');
    expect(text).toContain('vouch_shard_stage_seconds_total{shard="0",stage="decide"} 1.5');
    expect(text).toContain('vouch_log_position{shard="3"} 9');
    expect(text).toContain('vouch_projection_lag_rows 4');
  });

  it('say what is on its way between shards', async () => {
    const inTransit = [{ from: 0, to: 3, asset: 'EUR', amountMinor: 250 }];
    const busy = { ...reportOf(5), messagesSent: [0, 0, 0, 8], messagesReceived: [0, 0, 0, 7], inTransit };
    const { exposition } = createServiceMetrics({ reports: () => [[0, busy]], projectionLag: () => 0 });
    const text = await exposition();
    expect(text).toContain('vouch_messages_sent_total{shard="0",to="3"} 8');
    expect(text).toContain('vouch_messages_received_total{shard="0",from="3"} 7');
    expect(text).toContain('vouch_in_transit_minor_units{shard="0",from="0",to="3",asset="EUR"} 250');
  });

  it('say of shared histories whether they can be read and how late outcomes are, of own ones nothing', async () => {
    const sharing = { ...reportOf(5), histories: { isReadable: false, outcomeLagMs: 1_500 } };
    const { exposition } = createServiceMetrics({
      reports: () => [
        [0, sharing],
        [1, reportOf(5)],
      ],
      projectionLag: () => 0,
    });
    const text = await exposition();
    expect(text).toContain('vouch_histories_readable{shard="0"} 0');
    expect(text).toContain('vouch_history_outcome_lag_seconds{shard="0"} 1.5');
    expect(text).not.toContain('vouch_histories_readable{shard="1"}');
  });

  it('count anew at each reading, so that nothing is counted twice', async () => {
    const { exposition } = createServiceMetrics({
      reports: () => [[0, reportOf(5)]],
      projectionLag: () => 0,
    });
    await exposition();
    expect(await exposition()).toContain('vouch_shard_commands_total{shard="0"} 5');
  });

  it('are there without a shard, as in a process that only answers requests', async () => {
    const { exposition } = createServiceMetrics({ reports: () => [], projectionLag: () => 0 });
    expect(await exposition()).not.toContain('vouch_shard_commands_total{');
  });
});
