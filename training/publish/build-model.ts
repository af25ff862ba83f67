/**
 * From rows of features to a whole model: normaliser, network, stand-in, both calibrations, the usual
 * honest payment, and what the training traffic was like. Everything is fitted on the training rows,
 * stopped on the validation rows and calibrated on the calibration rows, which come in this order of
 * time with gaps between them.
 */
import { createHash } from 'node:crypto';
import type { DenseLayer } from '#src/ports/network.ts';
import { writeLayers } from '#src/scoring/model-files.ts';
import type { ModelFiles } from '#src/scoring/model-files.ts';
import type { ModelManifest } from '#src/scoring/model-manifest.ts';
import { createNormaliser } from '#src/scoring/normaliser.ts';
import type { Normaliser, NormaliserTables } from '#src/scoring/normaliser.ts';
import type { FeatureList } from '#src/scoring/released-model.ts';
import type { Dataset } from '#training/dataset.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import { createFieldHider } from '#training/network/hide-fields.ts';
import { fitNetwork } from '#training/network/fit-network.ts';
import type { FitOptions, FitProgress } from '#training/network/fit-network.ts';
import { fitNormaliser } from '#training/network/fit-normaliser.ts';
import { fitPlatt } from '#training/network/fit-platt.ts';
import { inferRows } from '#training/network/infer-rows.ts';
import { profileFeature } from '#training/publish/feature-profile.ts';

export interface ModelData {
  readonly train: Dataset;
  readonly validation: Dataset;
  readonly calibration: Dataset;
  /** The training rows of each seat apart, to say what its traffic was like. */
  readonly traffic: Readonly<Record<string, Dataset>>;
}

export interface BuildOptions {
  /** For each field that a sender may not have, the features that are made of it; hidden now and then. */
  readonly fields: readonly ReadonlySet<number>[];
  readonly list: FeatureList;
  /** Places in the list of features that must not be used. */
  readonly masked?: ReadonlySet<number>;
  readonly fit: FitOptions;
  /** What the manifest says that does not follow from the rows. */
  readonly about: Pick<ModelManifest, 'name' | 'version' | 'statement' | 'thresholds'> & {
    readonly command: string;
  };
  readonly onEpoch?: (progress: FitProgress) => void;
}

/** The stand-in's own settings: a straight line needs fewer rounds, and larger steps. */
const STAND_IN_EPOCHS = 6;
const STAND_IN_RATE = 5e-3;

function toInputs(normaliser: Normaliser, data: Dataset): Dataset {
  const values = new Float32Array(data.rows * normaliser.inputs);
  normaliser.normalise(data.values, data.rows, values);
  return { ...data, columns: normaliser.inputs, values };
}

function fitLayers(
  train: Dataset,
  validation: Dataset,
  options: FitOptions & Pick<BuildOptions, 'onEpoch'>,
): readonly DenseLayer[] {
  const measure = (layers: readonly DenseLayer[]): number =>
    averagePrecision(inferRows(layers, validation), validation.labels, validation.weights);
  const { onEpoch } = options;
  return fitNetwork(train, options, { measure, ...(onEpoch && { onEpoch }) }).layers;
}

/** The median of each input over the honest rows. */
function usualInputs(inputs: Dataset): readonly number[] {
  const honest = Array.from({ length: inputs.rows }, (_, row) => row).filter(
    (row) => inputs.labels[row] === 0,
  );
  return Array.from({ length: inputs.columns }, (_, input) => {
    const column = Float32Array.from(honest, (row) => inputs.values[row * inputs.columns + input] as number);
    return column.sort()[column.length >> 1] ?? 0;
  });
}

interface Described {
  readonly traffic: ModelData['traffic'];
  readonly tables: NormaliserTables;
  readonly usual: readonly number[];
  readonly names: readonly string[];
}

function describeFeatures({
  traffic,
  tables,
  usual,
  names,
}: Described): Pick<ModelManifest, 'features' | 'indicators'> {
  let input = 0;
  const features = tables.features.map((normalisation, place) => ({
    name: names[place] ?? '',
    ...normalisation,
    reference: normalisation.transform === 'masked' ? 0 : (usual[input++] ?? 0),
    traffic: Object.fromEntries(
      Object.entries(traffic).map(([seat, rows]) => [seat, profileFeature(rows, place)]),
    ),
  }));
  const indicators = tables.indicators.map((indicator) => ({
    kind: indicator.kind,
    features: indicator.features.map((place) => names[place] ?? ''),
    reference: usual[input++] ?? 0,
  }));
  return { features, indicators };
}

function hashData({ train, validation, calibration }: ModelData): string {
  const hash = createHash('sha256');
  for (const { values, labels, weights } of [train, validation, calibration]) {
    for (const part of [values, labels, weights])
      hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest('hex');
}

function weightedFraudShare({ labels, weights }: Dataset): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, row) => sum + weight * (labels[row] as number), 0) / total;
}

/** The same rows and options give the same files, bit for bit. The backend must have been started. */
export function buildModel(
  data: ModelData,
  { list, masked, fields, fit, about, onEpoch }: BuildOptions,
): ModelFiles {
  for (const name of ['train', 'validation', 'calibration'] as const) {
    const { labels } = data[name];
    if (!labels.includes(1))
      throw new Error(`the ${name} rows have no fraud: make the world larger or longer`);
  }
  const tables = fitNormaliser(data.train, masked);
  const normaliser = createNormaliser(tables);
  const [train, validation, calibration] = [data.train, data.validation, data.calibration].map((part) =>
    toInputs(normaliser, part),
  ) as [Dataset, Dataset, Dataset];
  const hide = createFieldHider(tables, fields);
  const layers = fitLayers(train, validation, { ...fit, hide, ...(onEpoch && { onEpoch }) });
  const [line] = fitLayers(train, validation, {
    ...fit,
    hidden: [],
    epochsMax: STAND_IN_EPOCHS,
    learningRate: STAND_IN_RATE,
  }) as [DenseLayer];
  const calibrate = (fitted: readonly DenseLayer[]) =>
    fitPlatt({ ...calibration, logOdds: inferRows(fitted, calibration) });
  const { topology, weights } = writeLayers(layers);
  const { command, ...words } = about;
  const manifest: ModelManifest = {
    format: 1,
    ...words,
    featureHash: list.hash,
    seats: Object.keys(data.traffic),
    ...describeFeatures({
      traffic: data.traffic,
      tables,
      usual: usualInputs(calibration),
      names: list.names,
    }),
    network: {
      weightsSha256: createHash('sha256').update(weights).digest('hex'),
      calibration: calibrate(layers),
    },
    standIn: { weights: [...line.kernel], bias: line.bias[0] ?? 0, calibration: calibrate([line]) },
    baseRate: weightedFraudShare(calibration),
    training: {
      command,
      seed: fit.seed,
      rows: train.rows,
      frauds: train.labels.reduce((sum, label) => sum + label, 0),
      dataHash: hashData(data),
    },
  };
  return { manifest: `${JSON.stringify(manifest, undefined, 1)}\n`, topology, weights };
}
