/** What `metrics.json` of a released model holds. */
import type { ClosedLoop } from '#training/train/evaluate-model.ts';
import type { RowMeasures } from '#training/train/measure-rows.ts';
import type { ModelMetrics } from '#training/train/model-metrics.ts';

export interface ReleasedMetrics {
  readonly statement: string;
  /** `name@version`. */
  readonly model: string;
  readonly world: {
    readonly set: string;
    readonly seed: number;
    readonly days: number;
    readonly customers: number;
    /** How many times as much fraud as ordinary traffic; each counts for so much less. */
    readonly fraudTimes: number;
  };
  /** The ten rules decide, the model only scores: both on the same payments. */
  readonly besideRules: ModelMetrics;
  /** The model decides. */
  readonly closedLoop: ClosedLoop;
  /** On the calibration rows, against what was observed of them. */
  readonly ownWorld: RowMeasures;
}
