/**
 * Trains a feed-forward network: mini-batches in a seeded order, Adam with a falling rate, and
 * early stopping on a measure that the caller takes after each epoch. The same data, seed and
 * backend give the same weights, bit for bit.
 */
import { denseGradients } from '#src/adapters/tfjs/dense-gradients.ts';
import type { DenseLayer } from '#src/ports/network.ts';
import type { Dataset } from '#training/dataset.ts';
import { adamStep, createAdamState } from '#training/network/adam.ts';
import type { AdamState } from '#training/network/adam.ts';
import type { HideFields } from '#training/network/hide-fields.ts';
import { createRandom } from '#training/random.ts';
import type { Random } from '#training/random.ts';

export interface FitOptions {
  readonly seed: number;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  readonly epochsMax: number;
  /** Epochs without a better measure before it stops. */
  readonly patience: number;
  readonly batchRows: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** How much more a fraud's row counts. */
  readonly fraudWeight: number;
  /** Changes the inputs of a batch before it is learnt from. */
  readonly hide?: HideFields;
}

export interface FitProgress {
  readonly epoch: number;
  readonly measure: number;
  readonly isBest: boolean;
}

export interface FitResult {
  readonly layers: readonly DenseLayer[];
  readonly epochs: number;
  readonly measure: number;
}

/** Higher is better. */
export type Measure = (layers: readonly DenseLayer[]) => number;

/** Weights as He et al. (2015) start them. */
function initialLayers(widths: readonly number[], random: Random): readonly DenseLayer[] {
  return widths.slice(1).map((outputs, place) => {
    const inputs = widths[place] as number;
    const spread = Math.sqrt(2 / inputs);
    return {
      inputs,
      outputs,
      kernel: Float32Array.from({ length: inputs * outputs }, () => random.normal() * spread),
      bias: new Float32Array(outputs),
    };
  });
}

function copyLayers(layers: readonly DenseLayer[]): readonly DenseLayer[] {
  return layers.map((layer) => ({ ...layer, kernel: layer.kernel.slice(), bias: layer.bias.slice() }));
}

function gather(
  data: Dataset,
  order: Uint32Array,
  fraudWeight: number,
): { inputs: Float32Array; targets: Float32Array; weights: Float32Array } {
  const inputs = new Float32Array(order.length * data.columns);
  const targets = new Float32Array(order.length);
  const weights = new Float32Array(order.length);
  order.forEach((place, row) => {
    inputs.set(data.values.subarray(place * data.columns, (place + 1) * data.columns), row * data.columns);
    targets[row] = data.labels[place] as number;
    weights[row] = (data.weights[place] as number) * (targets[row] === 1 ? fraudWeight : 1);
  });
  return { inputs, targets, weights };
}

interface Trainee {
  readonly layers: readonly DenseLayer[];
  readonly states: readonly { readonly kernel: AdamState; readonly bias: AdamState }[];
  readonly random: Random;
}

function trainEpoch(trainee: Trainee, data: Dataset, options: FitOptions & { rate: number }): void {
  const order = Uint32Array.from({ length: data.rows }, (_, row) => row);
  trainee.random.shuffle(order);
  for (let first = 0; first < data.rows; first += options.batchRows) {
    const places = order.subarray(first, Math.min(data.rows, first + options.batchRows));
    const batch = { ...gather(data, places, options.fraudWeight), rows: places.length };
    options.hide?.(batch.inputs, batch.rows, trainee.random);
    const gradients = denseGradients(trainee.layers, batch);
    gradients.forEach((gradient, place) => {
      const layer = trainee.layers[place] as DenseLayer;
      const state = trainee.states[place];
      if (state === undefined) return;
      const rates = { learningRate: options.rate, weightDecay: options.weightDecay };
      adamStep(state.kernel, layer.kernel, { ...rates, gradient: gradient.kernel });
      adamStep(state.bias, layer.bias, { ...rates, weightDecay: 0, gradient: gradient.bias });
    });
  }
}

/** The backend must have been started. The layers returned are those of the best epoch. */
export function fitNetwork(
  data: Dataset,
  options: FitOptions,
  tools: { measure: Measure; onEpoch?: (progress: FitProgress) => void },
): FitResult {
  const random = createRandom(options.seed);
  const layers = initialLayers([data.columns, ...options.hidden, 1], random);
  const states = layers.map((layer) => ({
    kernel: createAdamState(layer.kernel.length),
    bias: createAdamState(layer.bias.length),
  }));
  let best: FitResult = { layers, epochs: 0, measure: Number.NEGATIVE_INFINITY };
  for (let epoch = 1; epoch <= options.epochsMax && epoch - best.epochs <= options.patience; epoch++) {
    const rate = options.learningRate * 0.5 * (1 + Math.cos((Math.PI * (epoch - 1)) / options.epochsMax));
    trainEpoch({ layers, states, random }, data, { ...options, rate });
    const measure = tools.measure(layers);
    const isBest = measure > best.measure;
    if (isBest) best = { layers: copyLayers(layers), epochs: epoch, measure };
    tools.onEpoch?.({ epoch, measure, isBest });
  }
  return best;
}
