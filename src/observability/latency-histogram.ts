/**
 * A histogram whose `observe` costs a few nanoseconds: it only counts, and is turned into what
 * Prometheus reads when that asks. The library's own costs a microsecond for each observation.
 */

/** Upper bounds in seconds, from a fraction of a millisecond to what no client waits for. */
const BOUNDS_SECONDS = [
  0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
] as const;

export interface LatencyHistogram {
  readonly observe: (durationSeconds: number) => void;
  /** Its counts since the start, in Prometheus' text format. */
  readonly exposition: () => string;
}

export interface HistogramName {
  readonly name: string;
  readonly help: string;
}

export function latencyHistogram({ name, help }: HistogramName): LatencyHistogram {
  const counts = new Float64Array(BOUNDS_SECONDS.length + 1);
  let sum = 0;

  function observe(durationSeconds: number): void {
    let bucket = 0;
    while (bucket < BOUNDS_SECONDS.length && durationSeconds > (BOUNDS_SECONDS[bucket] ?? 0)) bucket += 1;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    sum += durationSeconds;
  }

  function exposition(): string {
    let total = 0;
    const buckets = [...BOUNDS_SECONDS, '+Inf'].map((bound, index) => {
      total += counts[index] ?? 0;
      return `${name}_bucket{le="${bound}"} ${total}\n`;
    });
    const head = `# HELP ${name} ${help}\n# TYPE ${name} histogram\n`;
    return `${head}${buckets.join('')}${name}_sum ${sum}\n${name}_count ${total}\n`;
  }
  return { observe, exposition };
}
