/** Tells a shared feature stage rows as a shard does, and tells it again what its store lacks. */
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import type { CompactionLimits } from '#src/features/shared/log-compaction.ts';
import { SharedHistoryStage } from '#src/features/shared/shared-history-stage.ts';
import type { EntityPosition } from '#src/domain/events.ts';
import type { EntityLogError, EntityLogStore } from '#src/ports/entity-log-store.ts';
import type { Attempt } from '#src/ports/feature-stage.ts';
import { NO_LEDGER_FACTS } from '#src/ports/feature-stage.ts';
import { tellItem } from '#test/support/tell-item.ts';
import type { FeatureItem } from '#test/support/feature-stream.ts';
import { rated } from '#test/support/oracle/feature-oracle.ts';

export interface Observed {
  readonly attempt: Attempt;
  readonly vector: Float32Array;
  readonly positions: readonly EntityPosition[];
}

export interface TellingShardSettings {
  readonly store: EntityLogStore;
  readonly shard: number;
  readonly shards: number;
  readonly cacheBytes?: number;
  readonly now?: () => number;
  readonly compaction?: CompactionLimits;
}

/** Rows that are told again before the shard tries later. */
const TOLD_AGAIN_AT_ONCE = 50;

export class TellingShard {
  readonly stage: SharedHistoryStage;
  readonly rows: (readonly FeatureItem[])[] = [];
  readonly failures: EntityLogError[] = [];

  constructor({ cacheBytes = 1 << 24, now = () => 0, ...settings }: TellingShardSettings) {
    const onAway = (error: EntityLogError) => void this.failures.push(error);
    this.stage = new SharedHistoryStage({
      ...settings,
      cacheBytes,
      now,
      toReference: rated,
      onAway,
    });
  }

  /** One batch. */
  async tell(items: readonly FeatureItem[]): Promise<readonly Observed[]> {
    const { stage } = this;
    stage.beginRow(this.rows.length + 1);
    await stage.load(
      items.flatMap((item) => {
        if (item.type !== 'attempt') return [];
        const { entityKeys, featureTime, request } = item.attempt;
        const { amount, asset } = request.facts;
        return [{ entityKeys, featureTime, amount, asset }];
      }),
    );
    const observed: Observed[] = [];
    for (const item of items) {
      const vector = new Float32Array(FEATURE_COUNT).fill(Number.NaN);
      if (item.type === 'attempt') {
        const { attempt } = item;
        const positions = stage.observe(attempt, NO_LEDGER_FACTS, { values: vector, offset: 0 });
        observed.push({ attempt, vector, positions });
      } else tellItem(stage, item, vector);
    }
    this.rows.push(items);
    await stage.writeSome(this.rows.length);
    return observed;
  }

  /** What became of payments is told without waiting for the next batch, as when nothing is to be done. */
  async settle(): Promise<void> {
    await this.stage.writeSome(this.rows.length);
  }

  /** Tells the store what it lacks, as far as it lets; true when nothing is missing any more. */
  async catchUp(): Promise<boolean> {
    const { remote } = this.stage;
    const scratch = new Float32Array(FEATURE_COUNT);
    for (let told = 0; told < TOLD_AGAIN_AT_ONCE; told++) {
      const position = await remote.firstMissing(this.rows.length);
      if (position === undefined) return this.stage.isCurrent;
      const items = this.rows[position - 1] ?? [];
      const row = { position, head: this.rows.length, shardTime: shardTimeOf(items), toReference: rated };
      const isTold = await remote.tellAgain(row, () => {
        for (const item of items) tellItem(this.stage, item, scratch);
      });
      if (!isTold) return false;
    }
    return false;
  }
}

/** Of the last item. */
export function shardTimeOf(items: readonly FeatureItem[]): number {
  const last = items.at(-1);
  if (!last) return 0;
  if (last.type === 'attempt') return last.attempt.shardTime;
  if (last.type === 'outcome') return last.outcome.shardTime;
  return last.type === 'signal' ? last.signal.shardTime : last.label.shardTime;
}
