/**
 * A feed-forward network as fused matrix multiplications, on whichever backend of TensorFlow.js is
 * current. On WASM a row's answer is the same bits for every batch size and order; the native
 * backend's differs in the last bits, which is why serving uses it only where it is asked to.
 *
 * Every tensor made for a call is disposed of within it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DenseLayer, Network } from '#src/ports/network.ts';

interface LayerTensors {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly activation: 'relu' | 'linear';
}

function layerTensors(layer: DenseLayer, isLast: boolean): LayerTensors {
  return {
    kernel: tf.tensor2d(layer.kernel, [layer.inputs, layer.outputs]),
    bias: tf.tensor1d(layer.bias),
    activation: isLast ? 'linear' : 'relu',
  };
}

function forward(layers: readonly LayerTensors[], values: tf.Tensor2D): tf.Tensor2D {
  return layers.reduce(
    (a, { kernel, bias, activation }) => tf.fused.matMul({ a, b: kernel, bias, activation }) as tf.Tensor2D,
    values,
  );
}

/** The backend must have been started. */
export function createFusedNetwork(layers: readonly DenseLayer[]): Network {
  const tensors = layers.map((layer, place) => layerTensors(layer, place === layers.length - 1));
  const inputs = layers[0]?.inputs ?? 0;

  const infer = (values: Float32Array, rows: number): Float32Array => {
    if (rows === 0) return new Float32Array(0);
    const output = tf.tidy(() =>
      forward(tensors, tf.tensor2d(values.subarray(0, rows * inputs), [rows, inputs])),
    );
    const logOdds = output.dataSync() as Float32Array;
    output.dispose();
    return logOdds;
  };

  const dispose = (): void => {
    for (const { kernel, bias } of tensors) tf.dispose([kernel, bias]);
  };

  return { inputs, infer, dispose };
}
