/**
 * The files of a model folder, `models/NAME/VERSION/`. `model.json` and `weights.bin` are a layers
 * model as TensorFlow.js writes them, so that other tools can open them; only dense layers are read,
 * `relu` after each but the last.
 */
import { z } from 'zod';
import type { DenseLayer } from '#src/ports/network.ts';

export interface ModelFiles {
  /** `manifest.json`. */
  readonly manifest: string;
  /** `model.json`. */
  readonly topology: string;
  /** `weights.bin`: 32-bit floats, little-endian. */
  readonly weights: Uint8Array;
}

export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}

const FLOAT_BYTES = 4;

const layersModel = z.object({
  format: z.literal('layers-model'),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({ name: z.string(), shape: z.array(z.number().int()), dtype: z.literal('float32') }),
      ),
    }),
  ),
});

function floatsOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / FLOAT_BYTES }, (_, at) =>
    view.getFloat32(at * FLOAT_BYTES, true),
  );
}

function bytesOf(layers: readonly DenseLayer[]): Uint8Array {
  const floats = layers.flatMap((layer) => [...layer.kernel, ...layer.bias]);
  const bytes = new Uint8Array(floats.length * FLOAT_BYTES);
  const view = new DataView(bytes.buffer);
  floats.forEach((value, at) => view.setFloat32(at * FLOAT_BYTES, value, true));
  return bytes;
}

/** Throws `ModelFileError` where the two files do not fit each other. */
export function readLayers(topology: string, weights: Uint8Array): readonly DenseLayer[] {
  const { weightsManifest } = layersModel.parse(JSON.parse(topology));
  const shapes = weightsManifest.flatMap((group) => group.weights.map((weight) => weight.shape));
  const floats = floatsOf(weights);
  let at = 0;
  const take = (length: number): Float32Array => floats.slice(at, (at += length));
  const layers: DenseLayer[] = [];
  for (let place = 0; place < shapes.length; place += 2) {
    const [inputs = 0, outputs = 0] = shapes[place] ?? [];
    if (shapes[place + 1]?.[0] !== outputs || outputs === 0)
      throw new ModelFileError('model.json has a layer that is not dense');
    layers.push({ inputs, outputs, kernel: take(inputs * outputs), bias: take(outputs) });
  }
  if (at !== floats.length)
    throw new ModelFileError(`weights.bin has ${floats.length} numbers, model.json names ${at}`);
  return layers;
}

function denseConfig(layer: DenseLayer, place: number, isLast: boolean): object {
  const first = place === 0 ? { batch_input_shape: [null, layer.inputs], dtype: 'float32' } : {};
  const config = {
    name: `dense_${place + 1}`,
    units: layer.outputs,
    activation: isLast ? 'linear' : 'relu',
    use_bias: true,
  };
  return { class_name: 'Dense', config: { ...config, ...first } };
}

/** `model.json` and `weights.bin` of the layers. */
export function writeLayers(layers: readonly DenseLayer[]): {
  readonly topology: string;
  readonly weights: Uint8Array;
} {
  const config = {
    name: 'vouch',
    layers: layers.map((layer, place) => denseConfig(layer, place, place === layers.length - 1)),
  };
  const weights = layers.flatMap((layer, place) => [
    { name: `dense_${place + 1}/kernel`, shape: [layer.inputs, layer.outputs], dtype: 'float32' },
    { name: `dense_${place + 1}/bias`, shape: [layer.outputs], dtype: 'float32' },
  ]);
  const topology = {
    format: 'layers-model',
    generatedBy: 'vouch',
    modelTopology: { class_name: 'Sequential', config },
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
  return { topology: `${JSON.stringify(topology, undefined, 1)}\n`, weights: bytesOf(layers) };
}
