/** The log-odds of every row of a dataset of inputs. The backend must have been started. */
import { createFusedNetwork } from '#src/adapters/tfjs/fused-network.ts';
import type { DenseLayer } from '#src/ports/network.ts';
import type { Dataset } from '#training/dataset.ts';

/** Bounds the memory of one call. */
const ROWS_PER_CALL = 4096;

export function inferRows(layers: readonly DenseLayer[], inputs: Dataset): Float32Array {
  const network = createFusedNetwork(layers);
  const logOdds = new Float32Array(inputs.rows);
  for (let first = 0; first < inputs.rows; first += ROWS_PER_CALL) {
    const rows = Math.min(ROWS_PER_CALL, inputs.rows - first);
    logOdds.set(network.infer(inputs.values.subarray(first * inputs.columns), rows), first);
  }
  network.dispose();
  return logOdds;
}
