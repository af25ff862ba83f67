import { describe, expect, it } from 'vitest';
import { latencyHistogram } from '#src/observability/latency-histogram.ts';

describe('a latency histogram', () => {
  it('counts each time in every bucket that it fits, as Prometheus reads it', () => {
    const histogram = latencyHistogram({ name: 'x_seconds', help: 'x' });
    for (const seconds of [0.0001, 0.001, 0.0011, 100]) histogram.observe(seconds);
    const lines = histogram.exposition().split('\n');
    expect(lines).toContain('# TYPE x_seconds histogram');
    expect(lines).toContain('x_seconds_bucket{le="0.00025"} 1');
    expect(lines).toContain('x_seconds_bucket{le="0.001"} 2');
    expect(lines).toContain('x_seconds_bucket{le="0.0025"} 3');
    expect(lines).toContain('x_seconds_bucket{le="+Inf"} 4');
    expect(lines).toContain('x_seconds_count 4');
  });
});
