/** How far the reads of this process are behind what is durable. */
import { Gauge, type Registry } from 'prom-client';

export function watchReads(registry: Registry, lag: () => number): void {
  void new Gauge({
    name: 'vouch_projection_lag_rows',
    help: 'Rows of the log that reads do not show yet',
    registers: [registry],
    collect() {
      this.set(lag());
    },
  });
}
