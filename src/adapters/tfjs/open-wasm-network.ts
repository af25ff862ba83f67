/** The network that serves by default: WASM, whose scores do not depend on the batch. */
import { createFusedNetwork } from '#src/adapters/tfjs/fused-network.ts';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import type { DenseLayer, Network } from '#src/ports/network.ts';

export async function openWasmNetwork(layers: readonly DenseLayer[]): Promise<Network> {
  await startWasmBackend();
  return createFusedNetwork(layers);
}
