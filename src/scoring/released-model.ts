/**
 * A model folder that has been read and found to fit: its manifest is whole, its weights are the
 * ones that the manifest names, and its features are the product's, in the product's order.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { DenseLayer } from '#src/ports/network.ts';
import { ModelFileError, readLayers } from '#src/scoring/model-files.ts';
import type { ModelFiles } from '#src/scoring/model-files.ts';
import { modelManifest } from '#src/scoring/model-manifest.ts';
import type { ModelManifest } from '#src/scoring/model-manifest.ts';
import type { NormaliserTables } from '#src/scoring/normaliser.ts';

/** What scoring has to know of the feature catalogue. */
export interface FeatureList {
  /** In the order in which they stand in a vector. */
  readonly names: readonly string[];
  /** The group of each, for reasons. */
  readonly groups: readonly string[];
  /** SHA-256 over the whole catalogue, as hexadecimal digits. */
  readonly hash: string;
}

export interface ReleasedModel {
  readonly manifest: ModelManifest;
  readonly layers: readonly DenseLayer[];
  readonly tables: NormaliserTables;
}

/** The model was trained with other features than the product has: it must not score. */
export class ModelMismatch extends Error {
  override readonly name = 'ModelMismatch';
}

const NAMED_MAX = 5;

function some(names: readonly string[]): string {
  const rest = names.length - NAMED_MAX;
  return names.slice(0, NAMED_MAX).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function featureDifferences(manifest: ModelManifest, list: FeatureList): readonly string[] {
  const trained = manifest.features.map((feature) => feature.name);
  const unknown = trained.filter((name) => !list.names.includes(name));
  const added = list.names.filter((name) => !trained.includes(name));
  if (unknown.length > 0 || added.length > 0) {
    return [
      ...(unknown.length > 0 ? [`the product no longer has ${some(unknown)}`] : []),
      ...(added.length > 0 ? [`the model does not know ${some(added)}`] : []),
    ];
  }
  const moved = trained.filter((name, place) => list.names[place] !== name);
  if (moved.length > 0) return [`the order differs at ${some(moved)}`];
  return manifest.featureHash === list.hash
    ? []
    : ['the names are the same but what some of them mean has changed'];
}

function parseManifest(text: string): ModelManifest {
  const parsed = modelManifest.safeParse(JSON.parse(text));
  if (!parsed.success) throw new ModelFileError(`manifest.json: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function tablesOf(manifest: ModelManifest): NormaliserTables {
  const placeOf = new Map(manifest.features.map((feature, place) => [feature.name, place]));
  return {
    features: manifest.features,
    indicators: manifest.indicators.map(({ kind, features }) => ({
      kind,
      features: features.map((name) => placeOf.get(name) ?? 0),
    })),
  };
}

/** Throws `ModelFileError` for files that are damaged, `ModelMismatch` for features that differ. */
export function readReleasedModel(files: ModelFiles, list: FeatureList): ReleasedModel {
  const manifest = parseManifest(files.manifest);
  const name = `${manifest.name}@${manifest.version}`;
  const differences = featureDifferences(manifest, list);
  if (differences.length > 0) {
    throw new ModelMismatch(
      `the model ${name} was trained with other features: ${differences.join('; ')}. Train it again (npm run train) or use a model of this version.`,
    );
  }
  const digest = createHash('sha256').update(files.weights).digest('hex');
  if (digest !== manifest.network.weightsSha256)
    throw new ModelFileError(`weights.bin of ${name} is not the file that manifest.json names`);
  return { manifest, layers: readLayers(files.topology, files.weights), tables: tablesOf(manifest) };
}
