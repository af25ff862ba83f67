/** Tells a stage a stream row by row, as a shard would, and keeps the vectors. */
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import { type FeatureStage, NO_LEDGER_FACTS } from '#src/ports/feature-stage.ts';
import type { FeatureItem } from '#test/support/feature-stream.ts';

/** Tells one item; an attempt's vector is written to `values`, which has room for one. */
export function tellItem(stage: FeatureStage, item: FeatureItem, values: Float32Array): void {
  if (item.type === 'attempt') stage.observe(item.attempt, NO_LEDGER_FACTS, { values, offset: 0 });
  if (item.type === 'outcome') stage.recordOutcome(item.outcome);
  if (item.type === 'signal') stage.recordSignal(item.signal);
  if (item.type === 'label') stage.recordLabel(item.label);
}

/** The vectors of a row's attempts, in order. */
export function tellRow(stage: FeatureStage, items: readonly FeatureItem[]): readonly Float32Array[] {
  const vectors: Float32Array[] = [];
  for (const item of items) {
    const values = new Float32Array(FEATURE_COUNT).fill(Number.NaN);
    tellItem(stage, item, values);
    if (item.type === 'attempt') vectors.push(values);
  }
  return vectors;
}
