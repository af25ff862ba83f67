/**
 * Binds each limit of a policy to its place in the feature vector. What does not exist is a problem
 * that names what does.
 */
import { formatIsoDuration } from '#src/domain/iso-duration.ts';
import type { PolicyProblem } from './policy-problem.ts';
import type { CheckedPolicyFile } from './policy-schema.ts';
import type { Limit } from './policy.ts';

/** A feature that a limit can stand on: one count or sum over the attempts of one entity. */
export interface LimitFeature {
  readonly entity: string;
  readonly metric: string;
  readonly windowSeconds: number;
  /** Its place in the vector. */
  readonly index: number;
}

interface LimitBinding {
  readonly features: readonly LimitFeature[];
  /** What cannot be bound is added here. */
  readonly problems: PolicyProblem[];
}

export function bindLimits(
  { limits }: CheckedPolicyFile,
  { features, problems }: LimitBinding,
): readonly Limit[] {
  return limits.flatMap((limit, index) => {
    const { entity, metric, window: windowSeconds } = limit;
    const feature = features.find(
      (one) => one.entity === entity && one.metric === metric && one.windowSeconds === windowSeconds,
    );
    if (!feature) {
      problems.push(unknownFeature(limit, { features, path: `limits.${index}` }));
      return [];
    }
    return [
      { code: limit.code, featureIndex: feature.index, above: Math.fround(limit.above), outcome: limit.then },
    ];
  });
}

/** Names the first of entity, metric and window that leads nowhere, and what exists in its place. */
function unknownFeature(
  limit: CheckedPolicyFile['limits'][number],
  { features, path }: { readonly features: readonly LimitFeature[]; readonly path: string },
): PolicyProblem {
  const ofEntity = features.filter((one) => one.entity === limit.entity);
  if (ofEntity.length === 0) {
    return {
      path: `${path}.entity`,
      message: `no such entity; there are ${words(features.map((one) => one.entity))}`,
    };
  }
  const ofMetric = ofEntity.filter((one) => one.metric === limit.metric);
  if (ofMetric.length === 0) {
    const metrics = words(ofEntity.map((one) => one.metric));
    return { path: `${path}.metric`, message: `no such metric of ${limit.entity}; there are ${metrics}` };
  }
  const windows = words(ofMetric.map((one) => formatIsoDuration(one.windowSeconds)));
  return {
    path: `${path}.window`,
    message: `${limit.metric} of ${limit.entity} has no such window; there are ${windows}`,
  };
}

function words(names: readonly string[]): string {
  return [...new Set(names)].join(', ');
}
