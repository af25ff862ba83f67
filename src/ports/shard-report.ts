/** What a shard has done since its start, for metrics. */
import type { DegradedCause, Outcome } from '#src/domain/decision.ts';

export const SHARD_STAGES = ['decide', 'encode', 'commit', 'upkeep'] as const;
export type ShardStage = (typeof SHARD_STAGES)[number];

export interface ShardReport {
  readonly commands: number;
  readonly batches: number;
  readonly decisions: Readonly<Record<Outcome, number>>;
  readonly rejections: number;
  readonly degraded: Readonly<Record<DegradedCause, number>>;
  readonly stageMicros: Readonly<Record<ShardStage, number>>;
  /** Of the log. */
  readonly position: number;
  /** Times that something is due: holds that expire, reviews that take effect. */
  readonly deadlines: number;
  /** Held payments that wait to be scored again. */
  readonly rescores: number;
}
