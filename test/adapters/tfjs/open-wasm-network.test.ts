import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { openWasmNetwork } from '#src/adapters/tfjs/open-wasm-network.ts';
import { networkContract } from '#test/contract/network-contract.ts';
import { randomLayers } from '#test/support/random-layers.ts';
import { seededRandom } from '#test/support/seeded-random.ts';

describe('the WASM network', () => {
  networkContract(openWasmNetwork);

  test('a network asked many times keeps no tensors', async () => {
    const before = tf.memory().numTensors;
    const network = await openWasmNetwork(randomLayers([8, 4, 1], seededRandom(1)));
    const held = tf.memory().numTensors;
    for (let round = 1; round <= 50; round++) network.infer(new Float32Array(8 * round), round);
    expect(tf.memory().numTensors).toBe(held);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('starting the backend leaves the crash listeners of the process as they were', async () => {
    const before = process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
    await openWasmNetwork(randomLayers([2, 1], seededRandom(1)));
    expect(process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')).toBe(
      before,
    );
  });
});
