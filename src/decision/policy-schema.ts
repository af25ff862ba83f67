/**
 * The policy file, key by key. Owns what may stand in it and what stands in for a key that is not
 * there; what depends on the feature catalogue or on another key is checked by `compilePolicy`.
 *
 * Nothing that is left out approves more: without a word on degradations they are held.
 */
import { z } from 'zod';
import { parseIsoDuration } from '#src/domain/iso-duration.ts';

/** More rules than a team can oversee; each costs a comparison for every payment. */
const LIMITS_MAX = 200;
const BANDS_MAX = 200;
const DAY_SECONDS = 86_400;
/** The longest a hold may wait: card authorisations end after a month. */
const HOLD_SECONDS_MAX = 31 * DAY_SECONDS;

const amount = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const positiveAmount = amount.min(1);
const share = z.number().min(0).max(1);
const asset = z.string().min(1).max(12);
const code = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'a code is lower-case letters, digits and _, at most 64');
const version = z.string().regex(/^[\w.:@-]{1,64}$/, 'a version is 1 to 64 of letters, digits and _ . : @ -');

function duration(minSeconds: number, maxSeconds: number) {
  return z.string().transform((text, context) => {
    const seconds = parseIsoDuration(text);
    if (seconds !== undefined && seconds >= minSeconds && seconds <= maxSeconds) return seconds;
    context.addIssue({
      code: 'custom',
      message: `an ISO 8601 duration from ${minSeconds} to ${maxSeconds} seconds, like PT10M or P7D`,
    });
    return z.NEVER;
  });
}

const threshold = z.number().min(0).describe('a probability; 0 takes everything, above 1 nothing');
const thresholds = z.strictObject({ challenge: threshold.default(2), review: threshold, deny: threshold });

const withheld = z.enum(['challenge', 'review', 'deny']);
const degradedAction = z.enum(['score', 'challenge', 'review', 'deny']);

const costs = z.strictObject({
  /** The asset whose minor units the costs are in, and whose bands are derived. */
  asset: asset.default('EUR'),
  /** What a reviewer's minute costs. */
  reviewMinute: amount,
  reviewMinutes: z.number().positive().max(240).default(3),
  /** Added to the amount by a fraud that was let through. */
  chargebackFee: amount,
  /** What an honest customer turned away costs beyond the sale, as a share of the amount. */
  insultShareOfAmount: share,
  /** What an honest payment earns, as a share of the amount. */
  margin: share,
});

const degraded = z.strictObject({
  model: degradedAction.default('review'),
  features: degradedAction.default('review'),
  log: degradedAction.default('review'),
  approveBelow: amount.default(0),
  late: withheld.default('review'),
  rescoreWithin: duration(60, HOLD_SECONDS_MAX).default(4 * 3_600),
  bands: z
    .array(
      z.strictObject({
        asset,
        upTo: positiveAmount,
        model: degradedAction.optional(),
        features: degradedAction.optional(),
        log: degradedAction.optional(),
      }),
    )
    .max(BANDS_MAX)
    .default([]),
});

const review = z.strictObject({
  expiresAfter: duration(60, HOLD_SECONDS_MAX).default(DAY_SECONDS),
  undoSeconds: z.number().int().min(0).max(3_600).default(0),
  maxPerHour: z.number().int().min(0).max(1_000_000).optional(),
  overflow: z.enum(['approve', 'challenge', 'deny']).default('deny'),
});

const breaker = z.strictObject({
  enabled: z.boolean().default(true),
  window: duration(60, DAY_SECONDS).default(3_600),
  aboveShare: share.default(0.5),
  minimumDecisions: z.number().int().min(1).default(500),
  aboveCount: z.number().int().min(1).optional(),
  overflow: z.enum(['approve', 'challenge', 'review']).default('review'),
});

const limit = z.strictObject({
  entity: z.string().min(1),
  metric: z.string().min(1),
  /** In seconds once read. */
  window: duration(1, 400 * DAY_SECONDS),
  above: z.number().min(0),
  then: withheld,
  code,
});

export const policySchema = z.strictObject({
  version,
  mode: z.enum(['enforce', 'observe']).default('enforce'),
  enforceShare: share.default(1),
  thresholds: thresholds.optional(),
  bands: z
    .array(z.strictObject({ asset, upTo: positiveAmount, thresholds }))
    .max(BANDS_MAX)
    .default([]),
  costs: costs.optional(),
  limits: z.array(limit).max(LIMITS_MAX).default([]),
  degraded: degraded.prefault({}),
  review: review.prefault({}),
  challenge: z.strictObject({ expiresAfter: duration(30, DAY_SECONDS).default(900) }).prefault({}),
  capture: z
    .strictObject({ expiresAfter: duration(60, HOLD_SECONDS_MAX).default(7 * DAY_SECONDS) })
    .prefault({}),
  breaker: breaker.prefault({}),
  baseRate: z
    .union([z.literal('auto'), z.number().gt(0).lt(1)], '"auto", or a number between 0 and 1')
    .default('auto'),
});

/** A policy file as it is written; durations are text. */
export type PolicyFile = z.input<typeof policySchema>;
/** The same with every default in its place; durations are seconds. */
export type CheckedPolicyFile = z.output<typeof policySchema>;
export type PolicyCosts = z.output<typeof costs>;
