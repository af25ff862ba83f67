/**
 * From a policy file to the policy that decides: every problem with its path, or a policy.
 *
 * Owns the checks that need more than one key (bands that repeat, codes that repeat, thresholds
 * from costs). Reading the file and its YAML is the caller's.
 */
import { bindLimits, type LimitFeature } from './bind-limits.ts';
import type { PolicyProblem } from './policy-problem.ts';
import { policySchema, type CheckedPolicyFile } from './policy-schema.ts';
import type { BreakerRule, DegradedActions, DegradedRules, Limit, Policy, Thresholds } from './policy.ts';
import { bandsFromCosts, thresholdsFromCosts } from './thresholds-from-costs.ts';

export type PolicyResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** For assets without bands of their own, in their own minor units: 100.00 where there are cents. */
const TYPICAL_AMOUNT_MINOR = 10_000;

/** `file` is what the YAML or JSON of the policy file says, unchecked. */
export function compilePolicy(file: unknown, features: readonly LimitFeature[]): PolicyResult {
  const parsed = policySchema.safeParse(file);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap(problemsOf) };
  const problems: PolicyProblem[] = [
    ...bandProblems('bands', parsed.data.bands),
    ...bandProblems('degraded.bands', parsed.data.degraded.bands),
    ...codeProblems(parsed.data),
    ...thresholdProblems(parsed.data),
  ];
  const limits = bindLimits(parsed.data, { features, problems });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, policy: assemble(parsed.data, limits) };
}

function assemble(file: CheckedPolicyFile, limits: readonly Limit[]): Policy {
  return {
    version: file.version,
    mode: file.mode,
    enforceShare: file.enforceShare,
    ...scoreRules(file),
    limits,
    degraded: degradedRules(file.degraded),
    review: {
      expiresAfterMs: file.review.expiresAfter * 1_000,
      undoSeconds: file.review.undoSeconds,
      maxPerHour: file.review.maxPerHour,
      overflow: file.review.overflow,
    },
    challenge: { expiresAfterMs: file.challenge.expiresAfter * 1_000 },
    capture: { expiresAfterMs: file.capture.expiresAfter * 1_000 },
    breaker: file.breaker.enabled ? breakerRule(file.breaker) : undefined,
    baseRate: file.baseRate,
  };
}

/** What the file states, before what its costs say. */
function scoreRules({ thresholds, bands, costs }: CheckedPolicyFile): Pick<Policy, 'thresholds' | 'bands'> {
  const stated = groupBands(bands, (band) => ({ upTo: band.upTo, thresholds: exact(band.thresholds) }));
  if (thresholds) return { thresholds: exact(thresholds), bands: stated };
  if (!costs) throw new Error('a policy without thresholds and costs passed the check');
  const derived = bandsFromCosts(costs).map((band) => ({
    upTo: band.upTo,
    thresholds: exact(band.thresholds),
  }));
  return {
    thresholds: exact(thresholdsFromCosts(costs, TYPICAL_AMOUNT_MINOR)),
    bands: stated.has(costs.asset) ? stated : new Map([...stated, [costs.asset, derived]]),
  };
}

/** Scores are 32-bit floats, so "at 0.08" must mean the float that 0.08 becomes. */
function exact(thresholds: Thresholds): Thresholds {
  return {
    challenge: Math.fround(thresholds.challenge),
    review: Math.fround(thresholds.review),
    deny: Math.fround(thresholds.deny),
  };
}

function degradedRules(file: CheckedPolicyFile['degraded']): DegradedRules {
  const actions: DegradedActions = { model: file.model, features: file.features, log: file.log };
  return {
    actions,
    bands: groupBands(file.bands, (band) => ({
      upTo: band.upTo,
      actions: {
        model: band.model ?? actions.model,
        features: band.features ?? actions.features,
        log: band.log ?? actions.log,
      },
    })),
    approveBelow: file.approveBelow,
    late: file.late,
    rescoreWithinMs: file.rescoreWithin * 1_000,
  };
}

function breakerRule(file: CheckedPolicyFile['breaker']): BreakerRule {
  return {
    windowMs: file.window * 1_000,
    aboveShare: file.aboveShare,
    minimumDecisions: file.minimumDecisions,
    aboveCount: file.aboveCount ?? Number.POSITIVE_INFINITY,
    overflow: file.overflow,
  };
}

interface FileBand {
  readonly asset: string;
  readonly upTo: number;
}

function groupBands<From extends FileBand, To extends { readonly upTo: number }>(
  bands: readonly From[],
  convert: (band: From) => To,
): ReadonlyMap<string, readonly To[]> {
  const grouped = new Map<string, To[]>();
  for (const band of bands.toSorted((a, b) => a.upTo - b.upTo)) {
    const group = grouped.get(band.asset);
    if (group) group.push(convert(band));
    else grouped.set(band.asset, [convert(band)]);
  }
  return grouped;
}

function bandProblems(path: string, bands: readonly FileBand[]): readonly PolicyProblem[] {
  const isSame = (a: FileBand, b: FileBand) => a.asset === b.asset && a.upTo === b.upTo;
  return bands.flatMap((band, index) => {
    const first = bands.findIndex((other) => isSame(band, other));
    if (first === index) return [];
    return [
      {
        path: `${path}.${index}.upTo`,
        message: `${band.asset} up to ${band.upTo} is ${path}.${first} already`,
      },
    ];
  });
}

function codeProblems({ limits }: CheckedPolicyFile): readonly PolicyProblem[] {
  return limits.flatMap(({ code }, index) => {
    const first = limits.findIndex((other) => other.code === code);
    return first === index
      ? []
      : [{ path: `limits.${index}.code`, message: `limits.${first} has this code already` }];
  });
}

function thresholdProblems({ thresholds, costs }: CheckedPolicyFile): readonly PolicyProblem[] {
  if (thresholds || costs) return [];
  return [{ path: 'thresholds', message: 'state thresholds, or the costs to derive them from' }];
}

interface SchemaIssue {
  readonly code?: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

function problemsOf(issue: SchemaIssue): readonly PolicyProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: pathText(issue.path), message: issue.message }];
  return (issue.keys ?? []).map((key) => ({ path: pathText([...issue.path, key]), message: 'unknown key' }));
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
