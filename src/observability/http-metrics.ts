/**
 * What the HTTP server counts. Labels are route templates, statuses and words of fixed lists, so their
 * number is bounded and nothing that a client sent can become one.
 */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { latencyHistogram } from './latency-histogram.ts';

export interface HttpMetrics {
  /** One answer to a request that is not a single payment. */
  readonly answered: (route: string, status: number) => void;
  /** One answer to a single payment, with the time from its first byte to its answer. */
  readonly paymentAnswered: (status: number, durationSeconds: number) => void;
  /** A request or line that was turned away because too many waited. */
  readonly turnedAway: () => void;
  /** A client of a stream that did not read. */
  readonly cutOff: () => void;
  /** Reads the numbers that are not counted but looked at. */
  readonly watch: (gauges: HttpGauges) => void;
  /** The histograms, in Prometheus' text format. */
  readonly exposition: () => string;
}

export interface HttpGauges {
  readonly inFlight: () => number;
}

export function createHttpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'vouch_http_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['route', 'status'],
    registers,
  });
  const turnedAway = new Counter({
    name: 'vouch_http_turned_away_total',
    help: 'Requests and lines answered with 503 because too many were waiting',
    registers,
  });
  const cutOff = new Counter({
    name: 'vouch_http_slow_readers_total',
    help: 'Clients of streams that were cut off because they did not read',
    registers,
  });
  const paymentSeconds = latencyHistogram({
    name: 'vouch_http_payment_seconds',
    help: 'Time from the start of a single payment request to its answer',
  });
  const paymentAnswers = countByStatus(registry);

  return {
    answered: (route, status) => requests.inc({ route, status }),
    paymentAnswered(status, durationSeconds) {
      paymentAnswers(status);
      paymentSeconds.observe(durationSeconds);
    },
    turnedAway: () => turnedAway.inc(),
    cutOff: () => cutOff.inc(),
    watch: ({ inFlight }) => watchInFlight(registry, inFlight),
    exposition: paymentSeconds.exposition,
  };
}

function watchInFlight(registry: Registry, inFlight: () => number): void {
  void new Gauge({
    name: 'vouch_http_commands_in_flight',
    help: 'Commands submitted and not yet answered',
    registers: [registry],
    collect() {
      this.set(inFlight());
    },
  });
}

/** Counts in an array and hands the sums over when they are asked for: this runs for each payment. */
function countByStatus(registry: Registry): (status: number) => void {
  const counts = new Map<number, number>();
  const counter = new Counter({
    name: 'vouch_http_payments_total',
    help: 'Answers to single payments, by status',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      counter.reset();
      for (const [status, count] of counts) counter.inc({ status }, count);
    },
  });
  return (status) => void counts.set(status, (counts.get(status) ?? 0) + 1);
}
