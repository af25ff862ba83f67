/** What `metrics.json` of a released model holds. */
import type { LeftOutFamily } from '#training/evaluation/left-out.ts';
import type { ReferenceMetrics } from '#training/evaluation/boosted-reference.ts';
import type { SeatMetrics } from '#training/evaluation/seat-metrics.ts';

export interface ReleasedMetrics {
  readonly statement: string;
  /** `name@version`. */
  readonly model: string;
  /** Measures everything but `ownWorld` again. */
  readonly command: string;
  readonly seats: readonly SeatMetrics[];
  /** On the calibration rows of the training worlds, against what was observed of them. */
  readonly ownWorld: { readonly averagePrecision: number };
  /** A boosted model of the same rows and features, on the same payments; only where it was asked for. */
  readonly reference?: ReferenceMetrics;
  /** Each family left out of training in turn; only where it was asked for. */
  readonly leftOut?: readonly LeftOutFamily[];
}
