/**
 * Streams a world through the product under the ten rules and keeps vectors with the truth: what the
 * easiest possible learner would have. For judging the world, never for training a model.
 */
import { tenRulesPolicy } from '#src/decision/shipped-policy.ts';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import type { Dataset } from '#training/dataset.ts';
import { openPipeline } from '#training/pipeline/open-pipeline.ts';
import { runWorld } from '#training/pipeline/run-world.ts';
import { createRandom } from '#training/random.ts';
import type { WorldParameters } from '#training/world/parameters.ts';
import { createWorld } from '#training/world/world.ts';

export interface TrueRows {
  readonly data: Dataset;
  /** The family behind each row, or null. */
  readonly families: readonly (string | null)[];
}

export interface TrueRowsOptions {
  readonly parameters: WorldParameters;
  readonly seed: number;
  /** How many times as much fraud as usual the parameters have; each fraud counts so much less. */
  readonly fraudTimes: number;
  /** The share of honest payments that is kept. */
  readonly keptShare: number;
}

/** The first part of a world only fills the histories. */
const SETTLING_SHARE = 0.2;

const NO_MODEL: Scorer = {
  model: 'none@0',
  featureCount: FEATURE_COUNT,
  score: (_vectors, rows) => ({ probabilities: new Float32Array(rows), degraded: false }),
  explain: (_vectors, rows) => Array.from({ length: rows }, () => []),
};

export async function trueRows(options: TrueRowsOptions): Promise<TrueRows> {
  const { parameters, seed, fraudTimes, keptShare } = options;
  const random = createRandom(seed);
  const world = createWorld(parameters, seed);
  const from = world.startsAt + SETTLING_SHARE * (world.endsAt - world.startsAt);
  const vectors: Float32Array[] = [];
  const families: (string | null)[] = [];
  await runWorld(world, openPipeline(NO_MODEL, tenRulesPolicy('ten-rules')), {
    onPayment: ({ item, decided }) => {
      const { fraud, family } = item.truth;
      const isKept = fraud || random.uniform() < keptShare;
      if (!isKept || item.at < from || decided.vector === undefined) return;
      vectors.push(decided.vector.slice());
      families.push(fraud ? family : null);
    },
  });
  return { data: datasetOf(vectors, families, { fraud: 1 / fraudTimes, honest: 1 / keptShare }), families };
}

function datasetOf(
  vectors: readonly Float32Array[],
  families: readonly (string | null)[],
  weights: { readonly fraud: number; readonly honest: number },
): Dataset {
  const values = new Float32Array(vectors.length * FEATURE_COUNT);
  vectors.forEach((vector, row) => values.set(vector, row * FEATURE_COUNT));
  return {
    columns: FEATURE_COUNT,
    rows: vectors.length,
    values,
    labels: Float32Array.from(families, (family) => (family === null ? 0 : 1)),
    weights: Float32Array.from(families, (family) => (family === null ? weights.honest : weights.fraud)),
  };
}
