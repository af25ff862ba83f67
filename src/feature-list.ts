/** What scoring has to know of the feature catalogue, which stages do not see of each other. */
import { FEATURES, featureHash } from '#src/features/feature-catalogue.ts';
import type { FeatureDefinition } from '#src/features/feature-definition.ts';
import type { FeatureList } from '#src/scoring/released-model.ts';

/**
 * Features that explanations hide together: the same kind of facts about the same entity. Finer groups
 * would hide one of two features that say the same, and see nothing change.
 */
function explanationGroup({ entity, source, group }: FeatureDefinition): string {
  return entity === undefined ? group : `${entity} ${source}`;
}

export function featureList(): FeatureList {
  return {
    names: FEATURES.map((feature) => feature.name),
    groups: FEATURES.map(explanationGroup),
    hash: featureHash(),
  };
}

/** What a payment has to name for each feature to have a value, for the watch over the traffic's domain. */
export function featureSubjects(): readonly string[] {
  return FEATURES.map(({ entity, group }) => entity ?? group);
}
