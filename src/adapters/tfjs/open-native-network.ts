/**
 * The network on TensorFlow's native library, for large models and only where the configuration
 * asks for it. `@tensorflow/tfjs-node` is an optional dependency: where its library could not be
 * installed, opening fails with what to do about it.
 */
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { createFusedNetwork } from '#src/adapters/tfjs/fused-network.ts';
import type { DenseLayer, Network } from '#src/ports/network.ts';

const NATIVE_PACKAGE = '@tensorflow/tfjs-node';

export class NativeBackendMissing extends Error {
  override readonly name = 'NativeBackendMissing';

  constructor(cause: unknown) {
    super(
      `${NATIVE_PACKAGE} could not be loaded: install it (npm install ${NATIVE_PACKAGE}) or use the WASM backend`,
      { cause },
    );
  }
}

/** The package still calls a function that Node removed in version 23. */
function restoreIsNullOrUndefined(require: NodeJS.Require): void {
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

export async function openNativeNetwork(layers: readonly DenseLayer[]): Promise<Network> {
  const require = createRequire(import.meta.url);
  restoreIsNullOrUndefined(require);
  try {
    await import(NATIVE_PACKAGE);
  } catch (error) {
    throw new NativeBackendMissing(error);
  }
  if (!(await tf.setBackend('tensorflow'))) throw new NativeBackendMissing(undefined);
  return createFusedNetwork(layers);
}
