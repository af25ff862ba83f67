/**
 * What stands beside a model's weights: which features it takes and how they enter it, how its
 * answers become probabilities, what traffic it was trained on, and the stand-in's weights.
 *
 * Everything that decides a score is in the manifest or in the weights, and nothing in them depends
 * on when or where the model was trained: the same training gives the same files.
 */
import { z } from 'zod';
import { MISSING_KINDS } from '#src/domain/feature-value.ts';

const share = z.number().min(0).max(1);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const calibration = z.strictObject({ slope: z.number().positive(), intercept: z.number() });

/** What a feature was like in the training traffic of one seat. */
const profile = z.strictObject({
  /** Shares of the training rows in which the feature had no value. */
  notSentShare: share,
  noHistoryShare: share,
  /** Bounds of ten bins of about equal size over the values that were there, and each bin's share. */
  histogram: z.strictObject({ bounds: z.array(z.number()), shares: z.array(share) }),
});

const feature = z.strictObject({
  name: z.string(),
  transform: z.enum(['identity', 'logarithm', 'masked']),
  /** After the transform. */
  centre: z.number(),
  scale: z.number().positive(),
  /** The usual honest payment's input, which reasons compare with. */
  reference: z.number(),
  /** By seat. */
  traffic: z.record(z.string(), profile),
});

const indicator = z.strictObject({
  kind: z.enum(MISSING_KINDS),
  features: z.array(z.string()).min(1),
  reference: z.number(),
});

export const modelManifest = z.strictObject({
  format: z.literal(1),
  name: z.string(),
  version: z.string(),
  /** What may and may not be concluded from the model's figures. */
  statement: z.string(),
  /** SHA-256 over the catalogue that the model was trained with. */
  featureHash: sha256,
  features: z.array(feature).min(1),
  indicators: z.array(indicator),
  network: z.strictObject({ weightsSha256: sha256, calibration }),
  standIn: z.strictObject({ weights: z.array(z.number()), bias: z.number(), calibration }),
  /** The share of fraud that both calibrations were fitted to. */
  baseRate: z.number().gt(0).lt(1),
  /** Calibrated probabilities, derived from the costs beside them. */
  thresholds: z.strictObject({
    review: z.number(),
    deny: z.number(),
    costs: z.record(z.string(), z.union([z.number(), z.string()])),
  }),
  /** The kinds of users whose traffic it was trained on, and which it may serve. */
  seats: z.array(z.string()),
  training: z.strictObject({
    command: z.string(),
    seed: z.number().int(),
    rows: z.number().int(),
    frauds: z.number().int(),
    /** SHA-256 over the training rows and labels. */
    dataHash: sha256,
  }),
});

export type ModelManifest = z.infer<typeof modelManifest>;
