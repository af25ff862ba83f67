/** The product's pipeline with the product's features, all in memory. */
import type { PolicyFile } from '#src/decision/policy-schema.ts';
import { attemptLimitFeatures } from '#src/features/feature-catalogue.ts';
import { catalogueWords } from '#src/features/catalogue-words.ts';
import { HistoryFeatureStage } from '#src/features/history-feature-stage.ts';
import { createEntityKeyer } from '#src/features/sip-entity-keyer.ts';
import { openIpLocationTable } from '#src/adapters/files/ip-location-table.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { ProductPipeline } from '#training/pipeline/product-pipeline.ts';

/** Keys of entities hide them in a log; here nothing is kept, and the same run must give the same rows. */
const TRAINING_KEY = new Uint8Array(16).fill(7);

export function openPipeline(scorer: Scorer, policy: PolicyFile): ProductPipeline {
  return new ProductPipeline({
    features: new HistoryFeatureStage({
      toReference: (amount, asset) => (asset === 'EUR' ? amount : undefined),
    }),
    entityKeys: createEntityKeyer({ key: TRAINING_KEY, ipTable: openIpLocationTable() }),
    scorer,
    words: catalogueWords,
    limitFeatures: attemptLimitFeatures(),
    policy,
  });
}
