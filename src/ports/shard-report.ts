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
  /** Number of the last message to each shard, by its index; empty in a ledger of one. */
  readonly messagesSent: readonly number[];
  readonly messagesReceived: readonly number[];
  readonly inTransit: readonly InTransitBalance[];
  /** Absent where the shard's histories are its own. */
  readonly histories?: RemoteHistoriesReport;
}

export interface RemoteHistoriesReport {
  /** Vectors hold histories; otherwise decisions are degraded. */
  readonly isReadable: boolean;
  /**
   * From when something became known of a payment until its histories had it: of the oldest that still
   * waits, or else of those that were told last. Features of outcomes count after a minute, so more than
   * that is late.
   */
  readonly outcomeLagMs: number;
}

/** How an account in transit stands in one of its two shards. */
export interface InTransitBalance {
  readonly from: number;
  readonly to: number;
  readonly asset: string;
  /** A JavaScript number, for a gauge alone. */
  readonly amountMinor: number;
}
