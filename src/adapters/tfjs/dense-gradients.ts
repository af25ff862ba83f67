/**
 * One step's gradients of the weighted cross-entropy of a feed-forward network, on the current
 * backend of TensorFlow.js. Written out by hand, because the packaged core registers no gradients
 * and because the WASM backend multiplies fast only what is not transposed on the fly: matrices
 * are transposed first.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { DenseLayer } from '#src/ports/network.ts';

export interface TrainingBatch {
  /** Row-major, `rows` × the first layer's inputs. */
  readonly inputs: Float32Array;
  /** 0 or 1, one for each row. */
  readonly targets: Float32Array;
  /** How much each row counts; the loss is the weighted sum over the sum of these. */
  readonly weights: Float32Array;
  readonly rows: number;
}

export interface LayerGradient {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

interface Pass {
  readonly kernels: readonly tf.Tensor2D[];
  /** The input of each layer, then the last layer's output. */
  readonly activations: readonly tf.Tensor2D[];
}

function forward(layers: readonly DenseLayer[], batch: TrainingBatch, columns: number): Pass {
  const kernels = layers.map((layer) => tf.tensor2d(layer.kernel, [layer.inputs, layer.outputs]));
  const activations = [tf.tensor2d(batch.inputs.subarray(0, batch.rows * columns), [batch.rows, columns])];
  layers.forEach((layer, place) => {
    activations.push(
      tf.fused.matMul({
        a: activations[place] as tf.Tensor2D,
        b: kernels[place] as tf.Tensor2D,
        bias: tf.tensor1d(layer.bias),
        activation: place === layers.length - 1 ? 'sigmoid' : 'relu',
      }) as tf.Tensor2D,
    );
  });
  return { kernels, activations };
}

/** The derivative by the last layer's log-odds: (probability - target) × weight / sum of weights. */
function outputError(pass: Pass, batch: TrainingBatch): tf.Tensor2D {
  const probabilities = pass.activations.at(-1) as tf.Tensor2D;
  const shape: [number, number] = [batch.rows, 1];
  const total = batch.weights.subarray(0, batch.rows).reduce((sum, weight) => sum + weight, 0);
  const share = Float32Array.from(batch.weights.subarray(0, batch.rows), (weight) => weight / total);
  const targets = tf.tensor2d(batch.targets.subarray(0, batch.rows), shape);
  return tf.mul(tf.sub(probabilities, targets), tf.tensor2d(share, shape));
}

function backward(pass: Pass, error: tf.Tensor2D): readonly tf.Tensor[] {
  const gradients: tf.Tensor[] = [];
  let current = error;
  for (let place = pass.kernels.length - 1; place >= 0; place--) {
    const entered = pass.activations[place] as tf.Tensor2D;
    gradients.unshift(tf.matMul(tf.transpose(entered), current), tf.sum(current, 0));
    if (place > 0) {
      const kernel = pass.kernels[place] as tf.Tensor2D;
      current = tf.mul(tf.matMul(current, tf.transpose(kernel)), tf.step(entered));
    }
  }
  return gradients;
}

/** One gradient for each layer, in order. The backend must have been started. */
export function denseGradients(
  layers: readonly DenseLayer[],
  batch: TrainingBatch,
): readonly LayerGradient[] {
  const flat = tf.tidy(() => {
    const pass = forward(layers, batch, layers[0]?.inputs ?? 0);
    return backward(pass, outputError(pass, batch)) as tf.Tensor[];
  });
  const values = flat.map((tensor) => tensor.dataSync() as Float32Array);
  tf.dispose(flat);
  return layers.map((_, place) => ({
    kernel: values[2 * place] as Float32Array,
    bias: values[2 * place + 1] as Float32Array,
  }));
}
